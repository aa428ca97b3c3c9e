export default async (): Promise<never> => new Promise(() => {});

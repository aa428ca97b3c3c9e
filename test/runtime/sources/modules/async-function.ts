export default async ({ pageNumber, signal }: { pageNumber: number; signal: AbortSignal }): Promise<unknown> => {
  return [{ pageNumber, aborted: signal.aborted }];
};

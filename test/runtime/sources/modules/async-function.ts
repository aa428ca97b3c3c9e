export default async ({ pageNumber, signal }: { pageNumber: number; signal: AbortSignal }): Promise<unknown> => [{ pageNumber, aborted: signal.aborted }];

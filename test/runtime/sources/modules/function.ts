export default function fetchPage({ pageNumber, signal }: { pageNumber: number; signal: AbortSignal }): unknown {
  return [{ pageNumber, aborted: signal.aborted }];
}

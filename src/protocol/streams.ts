/** What pages yield, by name. Each stream has chunks of its own; all records of a page are committed together. */
export enum StreamName {
  /** The records that are published. */
  RECORDS = 'records',
}

/** One value for each stream. */
export type PerStream<Value> = Readonly<Record<StreamName, Value>>;

/** All streams. */
export const STREAM_NAMES: readonly StreamName[] = Object.values(StreamName);

/** Makes the value of each stream. */
export function perStream<Value>(valueOf: (name: StreamName) => Value): PerStream<Value> {
  return Object.fromEntries(STREAM_NAMES.map((name) => [name, valueOf(name)])) as PerStream<Value>;
}

/** The bytes of all streams. */
export function bytesOfStreams(streams: PerStream<{ readonly bytes: number }>): number {
  let bytes = 0;
  for (const name of STREAM_NAMES) bytes += streams[name].bytes;
  return bytes;
}

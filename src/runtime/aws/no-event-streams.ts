/**
 * Replaces `@smithy/core/event-streams` in the functions' bundles. They call no event-stream operation (such as SelectObjectContent or
 * InvokeWithResponseStream), but the SDK's clients always prepare for them, which takes a seventh of a bundle's load time.
 */

/** Passed to the clients at set-up; they would call it for the first event stream. */
export function eventStreamSerdeProvider(): never {
  throw new Error('Event streams are left out of this bundle: see no-event-streams.ts in the sources of cdk-paginated-import.');
}

/** Returns the client's configuration unchanged. */
export function resolveEventStreamSerdeConfig<T>(config: T): T {
  return config;
}

/** Loaded by the protocols for the first event-stream message. */
export class EventStreamSerde {
  constructor() {
    eventStreamSerdeProvider();
  }
}

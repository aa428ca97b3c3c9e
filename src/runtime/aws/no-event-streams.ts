/**
 * Stands in for `@smithy/core/event-streams` in the bundles of the functions. None of the operations that they call is an event stream
 * (SelectObjectContent and InvokeWithResponseStream are), but the SDK's clients are always set up for them, which takes a seventh of the
 * time that a bundle needs to load.
 */

/** What the clients ask for while they are set up, and would use with the first event stream. */
export function eventStreamSerdeProvider(): never {
  throw new Error('Event streams are left out of this bundle: see no-event-streams.ts in the sources of cdk-paginated-import.');
}

/** Gives the client's configuration back unchanged. */
export function resolveEventStreamSerdeConfig<T>(config: T): T {
  return config;
}

/** Loaded by the protocols with the first message that is an event stream. */
export class EventStreamSerde {
  constructor() {
    eventStreamSerdeProvider();
  }
}

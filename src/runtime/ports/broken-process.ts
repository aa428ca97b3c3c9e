/** What has broken a process: the event that Node.js emitted, or the module that did not load. */
export type Breakage = 'uncaughtException' | 'unhandledRejection' | 'load';

/** What a source rejects with once its process cannot be trusted with any more pages. */
export class BrokenProcess extends Error {
  /** @param thrown what foreign code threw: anything at all */
  constructor(public readonly by: Breakage, public readonly thrown: unknown) {
    super(`The process is broken: ${by}.`);
  }
}

/** A cloud assembly, or a part of it, cannot run locally. The message says what, where, and what to do. */
export class AssemblyError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AssemblyError';
  }
}

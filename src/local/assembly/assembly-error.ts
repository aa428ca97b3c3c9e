/** A cloud assembly, or something in it, cannot be run on one computer. The message says what, where, and the way out. */
export class AssemblyError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AssemblyError';
  }
}

/** A definition holds something that is not run here. The message says where, and the way out. */
export class DefinitionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'DefinitionError';
  }
}

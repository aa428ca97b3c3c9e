/** A definition contains something that cannot run here. The message says where, and what to do. */
export class DefinitionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'DefinitionError';
  }
}

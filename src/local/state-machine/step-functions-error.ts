/** An error that the Step Functions API answers with. */
export class StepFunctionsError extends Error {
  constructor(name: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
  }
}

/** An error of the Step Functions API. */
export class StepFunctionsError extends Error {
  constructor(name: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
  }
}

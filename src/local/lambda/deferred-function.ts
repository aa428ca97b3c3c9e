import { InvocationOutcome, InvokableFunction } from './invocation';

/** A function that is created on its first invocation, so functions that are never invoked need not be able to run here. */
export class DeferredFunction implements InvokableFunction {
  private made: InvokableFunction | undefined;

  constructor(readonly name: string, readonly arn: string, private readonly make: () => InvokableFunction) {}

  async invoke(payload: string): Promise<InvocationOutcome> {
    this.made ??= this.make();
    return this.made.invoke(payload);
  }

  async close(): Promise<void> {
    await this.made?.close();
  }
}

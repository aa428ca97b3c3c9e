import { randomUUID } from 'node:crypto';
import { FetchPageRequest } from '../../protocol/fetch-contract';
import { LAMBDA_RESPONSE_BYTES } from '../../protocol/limits';
import { functionErrorOf } from '../lambda/function-error';
import { answered, failed, InvocationOutcome, InvokableFunction } from '../lambda/invocation';
import { FaultPlan } from './fault-plan';
import { fetchUnderFaults } from './instruction';

/** A function that may be a fetch-page handler. Faults apply when an import requests a page from it. */
export class FaultyHandlerFunction implements InvokableFunction {
  constructor(private readonly inner: InvokableFunction, private readonly plan: FaultPlan) {}

  get name(): string {
    return this.inner.name;
  }

  get arn(): string {
    return this.inner.arn;
  }

  async invoke(payload: string): Promise<InvocationOutcome> {
    const request = JSON.parse(payload) as unknown;
    return this.isPageRequest(request) ? this.fetchPage(request, payload) : this.inner.invoke(payload);
  }

  async close(): Promise<void> {
    await this.inner.close();
  }

  private isPageRequest(payload: unknown): payload is FetchPageRequest {
    const { importId, pageNumber, attempt } = (payload ?? {}) as Partial<FetchPageRequest>;
    return typeof pageNumber === 'number' && typeof attempt === 'number' && typeof importId === 'string' && this.plan.knows(importId);
  }

  private async fetchPage({ importId, pageNumber, pageToken, input }: FetchPageRequest, payload: string): Promise<InvocationOutcome> {
    let outcome: InvocationOutcome | undefined;
    const callHandler = async (): Promise<unknown> => {
      outcome = await this.inner.invoke(payload);
      // A failure is passed on unchanged.
      return outcome.failed ? undefined : JSON.parse(outcome.payload);
    };
    try {
      const answer = await fetchUnderFaults(this.plan, { importId, pageNumber, pageToken, input }, callHandler, LAMBDA_RESPONSE_BYTES);
      return outcome?.failed ? outcome : answered(outcome?.requestId ?? randomUUID(), JSON.stringify(answer));
    } catch (error) {
      return failed(randomUUID(), functionErrorOf(error));
    }
  }
}

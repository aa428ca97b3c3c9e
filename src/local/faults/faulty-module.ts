import type { MessagePort } from 'node:worker_threads';
import { largestPageBytes } from '../../protocol/page-limit.ts';
import { fetchUnderFaults } from './instruction.ts';
import type { AskedPage, FaultDesk, Instruction } from './instruction.ts';

/**
 * The side of the faults that is in a function's thread: it puts them around a handler that is a module in the fetch function.
 */

/** Under this symbol of the registry, a thread's global object has what makes a faulty handler of a module's default export. */
export const FAULTY_HANDLER = 'cdk-paginated-import.faultyHandler';

/** What a thread asks this process. */
export type DeskQuestion =
  | { readonly kind: 'instruct'; readonly page: AskedPage }
  | { readonly kind: 'injected'; readonly fault: number; readonly page: AskedPage };

export interface DeskRequest {
  readonly id: number;
  readonly question: DeskQuestion;
}

export interface DeskReply {
  /** That of the request. */
  readonly id: number;
  readonly instruction?: Instruction;
}

type Handler = (request: AskedPage) => unknown;

/** Lets modules of this thread be wrapped, by a desk that is at the other end of the port. */
export function offerFaultyHandlers(port: MessagePort): void {
  const desk = new RemoteDesk(port);
  (globalThis as Record<symbol, unknown>)[Symbol.for(FAULTY_HANDLER)] = (exported: unknown) => faultyHandler(desk, exported);
}

/** What is no handler stays as it is: the loop says what is wrong with it. */
function faultyHandler(desk: FaultDesk, exported: unknown): unknown {
  const handler = handlerOf(exported);
  if (handler === undefined) return exported;
  return async (request: AskedPage) => {
    const { importId, pageNumber, pageToken, input } = request;
    const limitBytes = largestPageBytes(Number(process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE));
    return fetchUnderFaults(desk, { importId, pageNumber, pageToken, input }, () => handler(request), limitBytes);
  };
}

function handlerOf(exported: unknown): Handler | undefined {
  if (typeof exported === 'function') return exported as Handler;
  const { fetchPage } = (exported ?? {}) as { readonly fetchPage?: unknown };
  return typeof fetchPage === 'function' ? fetchPage.bind(exported) as Handler : undefined;
}

/** A desk in another thread. */
class RemoteDesk implements FaultDesk {
  private readonly waiting = new Map<number, (reply: DeskReply) => void>();
  private readonly port: MessagePort;
  private asked = 0;

  constructor(port: MessagePort) {
    this.port = port;
    port.on('message', (reply: DeskReply) => {
      this.waiting.get(reply.id)?.(reply);
      this.waiting.delete(reply.id);
    });
  }

  async instruct(page: AskedPage): Promise<Instruction | undefined> {
    return this.ask({ kind: 'instruct', page });
  }

  async noteInjected(fault: number, page: AskedPage): Promise<void> {
    await this.ask({ kind: 'injected', fault, page });
  }

  private async ask(question: DeskQuestion): Promise<Instruction | undefined> {
    const id = this.asked++;
    const { instruction } = await new Promise<DeskReply>((resolve) => {
      this.waiting.set(id, resolve);
      this.port.postMessage({ id, question } satisfies DeskRequest);
    });
    return instruction;
  }
}

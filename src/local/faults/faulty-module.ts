import type { MessagePort } from 'node:worker_threads';
import { largestPageBytes } from '../../protocol/memory-shares.ts';
import type { SourceRequest } from '../../source/handler/define-source.ts';
import { sourceHandler } from '../../source/handler/source-handler.ts';
import { fetchUnderFaults } from './instruction.ts';
import type { FaultDesk, Instruction, PageRequest } from './instruction.ts';

/** The part of the faults that runs in a function's thread. It wraps a handler that is a module in the fetch function. */

/** Registered symbol of a global function that wraps a module's exports in a faulty handler. */
export const FAULTY_HANDLER = 'cdk-paginated-import.faultyHandler';

/** A question from a thread to the main thread. */
export type DeskQuestion =
  | { readonly kind: 'instruct'; readonly page: PageRequest }
  | { readonly kind: 'injected'; readonly fault: number; readonly page: PageRequest };

export interface DeskRequest {
  readonly id: number;
  readonly question: DeskQuestion;
}

export interface DeskReply {
  /** The request's id. */
  readonly id: number;
  readonly instruction?: Instruction;
}

/** Lets this thread wrap modules, using the desk at the other end of the port. */
export function offerFaultyHandlers(port: MessagePort): void {
  const desk = new RemoteDesk(port);
  (globalThis as Record<symbol, unknown>)[Symbol.for(FAULTY_HANDLER)] = (exports: unknown) => faultyHandler(desk, exports);
}

/** Exports without a handler are unchanged: the loop reports the problem. */
function faultyHandler(desk: FaultDesk, exports: unknown): unknown {
  const { fetchPage: handler } = sourceHandler(exports);
  if (handler === undefined) return exports;
  return async (request: SourceRequest) => {
    const { importId, pageNumber, pageToken, input } = request;
    const limitBytes = largestPageBytes(Number(process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE));
    return fetchUnderFaults(desk, { importId, pageNumber, pageToken, input }, () => handler(request), limitBytes);
  };
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

  async instruct(page: PageRequest): Promise<Instruction | undefined> {
    return this.ask({ kind: 'instruct', page });
  }

  async noteInjected(fault: number, page: PageRequest): Promise<void> {
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

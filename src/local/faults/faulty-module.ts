import type { MessagePort } from 'node:worker_threads';
import { largestPageBytes } from '../../protocol/page-limit.ts';
import type { SourceRequest } from '../../source/define-source.ts';
import { sourceHandler } from '../../source/source-handler.ts';
import { fetchUnderFaults } from './instruction.ts';
import type { FaultDesk, Instruction, PageRequest } from './instruction.ts';

/**
 * The side of the faults that is in a function's thread: it puts them around a handler that is a module in the fetch function.
 */

/** Under this symbol of the registry, a thread's global object has what makes a faulty handler of a module's exports. */
export const FAULTY_HANDLER = 'cdk-paginated-import.faultyHandler';

/** What a thread asks this process. */
export type DeskQuestion =
  | { readonly kind: 'instruct'; readonly page: PageRequest }
  | { readonly kind: 'injected'; readonly fault: number; readonly page: PageRequest };

export interface DeskRequest {
  readonly id: number;
  readonly question: DeskQuestion;
}

export interface DeskReply {
  /** That of the request. */
  readonly id: number;
  readonly instruction?: Instruction;
}

/** Lets modules of this thread be wrapped, by a desk that is at the other end of the port. */
export function offerFaultyHandlers(port: MessagePort): void {
  const desk = new RemoteDesk(port);
  (globalThis as Record<symbol, unknown>)[Symbol.for(FAULTY_HANDLER)] = (exports: unknown) => faultyHandler(desk, exports);
}

/** What has no handler stays as it is: the loop says what is wrong with it. */
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

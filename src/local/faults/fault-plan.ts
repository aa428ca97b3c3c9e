import { decodeCommitRecord } from '../../protocol/commit-record';
import { NON_RETRYABLE_ERROR } from '../../protocol/fetch-contract';
import { ImportKeys } from '../../protocol/keys';
import { sentence } from '../../protocol/sentence';
import { Series } from '../../protocol/series';
import { isWithin, Resource } from '../assembly/resource';
import { InterceptedRequest, Intervention } from '../s3/interceptor';
import { Fault, statusText } from './fault';
import { Alteration, FaultDesk, Instruction, isStandIn, PageRequest, StandIn } from './instruction';

/** A fault that has occurred. */
export interface InjectedFault {
  /** One of the faults that the cloud was started with. */
  readonly fault: Fault;
  readonly importId: string;
  readonly pageNumber: number;
}

/** The fetch function that is working on an import. */
export interface ImportWorker {
  readonly resource: Resource;
  readonly series: Series;
  /** Kills the processes that are working on an import, and waits for their end. */
  kill(importId: string): Promise<void>;
}

/** What is known about an import under faults. */
class KnownImport {
  /** The tokens that pages were requested with, by page number. */
  readonly tokens = new Map<number, unknown>();
  /** How often each fault has occurred, by its index. */
  readonly strikes = new Map<number, number>();
  /** Indexes of the faults that apply to it. Undefined before its first page, since its input is unknown until then. */
  faults?: readonly number[];
  readonly keys: ImportKeys;

  private latestWorker: ImportWorker;

  constructor(importId: string, worker: ImportWorker) {
    this.latestWorker = worker;
    this.keys = new ImportKeys(worker.series, importId);
  }

  /** The function that last worked on it: another machine of the same series may resume an import. */
  get worker(): ImportWorker {
    return this.latestWorker;
  }

  /** Other faults may apply to another machine. */
  isWorkedOnBy(worker: ImportWorker): void {
    if (worker.resource !== this.latestWorker.resource) this.faults = undefined;
    this.latestWorker = worker;
  }
}

/** Decides which faults occur at which pages, and records those that have. */
export class FaultPlan implements FaultDesk {
  /** In the order of their occurrence. */
  readonly injected: InjectedFault[] = [];
  private readonly imports = new Map<string, KnownImport>();

  constructor(private readonly faults: readonly Fault[]) {}

  get isEmpty(): boolean {
    return this.faults.length === 0;
  }

  /** The faults that have not occurred. */
  get notInjected(): Fault[] {
    return this.faults.filter((fault) => !this.injected.some((injected) => injected.fault === fault));
  }

  /** The timeout to use for a fetch function, in seconds; `undefined` for its own. */
  functionTimeoutSeconds(fetchFunction: Resource): number | undefined {
    const timeouts = this.faults
      .filter((fault) => isAimedAt(fault, fetchFunction))
      .flatMap(({ effect }) => effect.kind === 'hang' ? [effect.functionTimeoutSeconds] : []);
    return timeouts.length === 0 ? undefined : Math.min(...timeouts);
  }

  /** Notes that a fetch function begins to work on an import. */
  noteWork(importId: string, worker: ImportWorker): void {
    const known = this.imports.get(importId);
    if (known === undefined) this.imports.set(importId, new KnownImport(importId, worker));
    else known.isWorkedOnBy(worker);
  }

  knows(importId: string): boolean {
    return this.imports.has(importId);
  }

  async instruct(page: PageRequest): Promise<Instruction | undefined> {
    const known = this.imports.get(page.importId);
    if (known === undefined) return undefined;
    try {
      known.faults ??= this.aimedAt(known, page.input);
    } catch (error) {
      return refusal((error as Error).message);
    }
    known.tokens.set(page.pageNumber, page.pageToken);
    const fault = this.due(known, (candidate) => effectOnPage(candidate, known, page) !== undefined);
    return fault === undefined ? undefined : this.instruction(fault, effectOnPage(this.faults[fault]!, known, page)!, page);
  }

  async noteInjected(fault: number, page: PageRequest): Promise<void> {
    this.strike(fault, page);
  }

  /** Decides about a request to S3. If it commits a page at which a kill is due, the import's processes die. */
  async intervene(request: InterceptedRequest): Promise<Intervention | undefined> {
    const [importId, known] = this.importOfCommit(request);
    if (known === undefined) return undefined;
    const { firstPage, lastPage } = decodeCommitRecord(request.key, request.body());
    const fault = this.due(known, ({ effect, page }) => isKill(effect.kind) && firstPage <= page && page <= lastPage);
    if (fault === undefined) return undefined;
    const { effect, page } = this.faults[fault]!;
    this.strike(fault, { importId, pageNumber: page });
    const killed = known.worker.kill(importId);
    if (effect.kind === 'killAfterCommit') return { kind: 'hold-reply', until: killed };
    await killed;
    return { kind: 'cut' };
  }

  private instruction(fault: number, effect: StandIn | Alteration, page: PageRequest): Instruction {
    if (!isStandIn(effect)) return { ...effect, fault };
    if (effect.kind !== 'refuse') this.strike(fault, page);
    return effect;
  }

  /** @throws Error if the caller's condition throws */
  private aimedAt({ worker }: KnownImport, input: unknown): number[] {
    return [...this.faults.keys()].filter((place) => {
      const fault = this.faults[place]!;
      return isAimedAt(fault, worker.resource) && meets(fault, input);
    });
  }

  private importOfCommit({ operation, key }: InterceptedRequest): [string, KnownImport] | [undefined, undefined] {
    if (operation !== 'PutObject') return [undefined, undefined];
    return [...this.imports].find(([, { keys }]) => keys.commitIndex(key) !== undefined) ?? [undefined, undefined];
  }

  /** Index of the first fault that is still due in an import. */
  private due({ faults = [], strikes }: KnownImport, strikesHere: (fault: Fault) => boolean): number | undefined {
    return faults.find((place) => (strikes.get(place) ?? 0) < this.faults[place]!.times && strikesHere(this.faults[place]!));
  }

  private strike(fault: number, { importId, pageNumber }: Pick<PageRequest, 'importId' | 'pageNumber'>): void {
    const { strikes } = this.imports.get(importId)!;
    strikes.set(fault, (strikes.get(fault) ?? 0) + 1);
    this.injected.push({ fault: this.faults[fault]!, importId, pageNumber });
  }
}

function isAimedAt(fault: Fault, fetchFunction: Resource): boolean {
  return fault.import === undefined || isWithin(fetchFunction, fault.import);
}

function meets(fault: Fault, input: unknown): boolean {
  try {
    return fault.whenInput?.(input) ?? true;
  } catch (error) {
    throw new Error(`${fault}: its option whenInput has thrown ${sentence(String(error))} Correct it.`, { cause: error });
  }
}

function isKill(kind: Fault['effect']['kind']): boolean {
  return kind === 'killBeforeCommit' || kind === 'killAfterCommit';
}

/** What a fault does at a page; `undefined` if it does not occur there. */
function effectOnPage(fault: Fault, known: KnownImport, page: PageRequest): StandIn | Alteration | undefined {
  const { effect } = fault;
  if (effect.kind === 'repeatedToken') return repeatedToken(fault, effect.cycleLength, known, page);
  if (page.pageNumber !== fault.page) return undefined;
  switch (effect.kind) {
    case 'tooManyRequests':
      return { kind: 'answer', answer: { retryAfterSeconds: effect.retryAfterSeconds, reason: `${statusText(429)}: ${fault}` } };
    case 'serverError':
      return { kind: 'throw', name: 'Error', message: `${statusText(effect.status)}: ${fault}` };
    case 'timeout':
      return { kind: 'throw', name: 'TimeoutError', message: `The operation was aborted due to timeout: ${fault}` };
    case 'hang': return { kind: 'hang' };
    case 'oversizePage': return { kind: 'oversize' };
    default: return undefined;
  }
}

/** The loop closes at its last page, and again each time the source is asked for that page, whatever its number by then. */
function repeatedToken(fault: Fault, cycleLength: number, { tokens }: KnownImport, page: PageRequest): StandIn | Alteration | undefined {
  const isLast = page.pageNumber === fault.page;
  if (!isLast && !(page.pageNumber > fault.page && isSame(page.pageToken, tokens.get(fault.page)))) return undefined;
  const token = tokens.get(fault.page - cycleLength + 1) ?? null;
  if (token !== null) return { kind: 'repeat-token', token };
  if (!isLast) return undefined;
  return refusal(`${fault} is for sources with page tokens; this page is requested without one. Aim it at another import by its option import.`);
}

/** Not retryable: a retry would not fix the fault's own definition. */
function refusal(message: string): StandIn {
  return { kind: 'refuse', name: NON_RETRYABLE_ERROR, message };
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

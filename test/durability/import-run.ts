import { JsonValue } from '../../src/protocol/json';
import { ImportResult } from '../../src/protocol/machine-state';
import { ChainSource } from './chain-source';
import { isExpectedFailure } from './expected-failures';
import { Simulation } from './simulation';

/** An import that has been run to its end. */
export interface EndedImport {
  readonly importId: string;
  readonly source: ChainSource;
  /** Start of the execution that has begun it: what orders imports. */
  readonly startedAt: number;
  readonly result: ImportResult;
}

/** The one of two imports that is to stand at a destination of both. */
export function newer(one: EndedImport, other: EndedImport): EndedImport {
  if (one.startedAt !== other.startedAt) return one.startedAt > other.startedAt ? one : other;
  return one.importId > other.importId ? one : other;
}

export interface ImportRunOptions {
  /** Milliseconds since the epoch. Default: now. */
  readonly startedAt?: number;
  /** Whether an execution that begins now may fail by what is done to it, so that another one resumes the import. Default: no. */
  readonly mayFail?: () => boolean;
  /** Is called before the import is resumed: where causes of failures are removed. */
  readonly beforeResume?: () => void;
  /** Is told the import's id as soon as the machine knows it. */
  readonly onInitialized?: (importId: string) => void;
}

/** For `mayFail`: the first execution, and no other. */
export function onlyTheFirst(): () => boolean {
  let executions = 0;
  return () => executions++ === 0;
}

/** Runs an import to its end. Where it may fail, and does, it is resumed, or started anew if it has never begun. */
export async function runImport(simulation: Simulation, source: ChainSource, options: ImportRunOptions = {}): Promise<EndedImport> {
  const { mayFail = () => false, beforeResume = () => {}, onInitialized = () => {} } = options;
  let importId: string | undefined;
  let startedAt = options.startedAt ?? simulation.schedule.now();
  const noteId = (id: string): void => {
    importId = id;
    onInitialized(id);
  };
  for (;;) {
    const fails = mayFail();
    const input: JsonValue = importId === undefined ? {} : { resumeFrom: importId };
    try {
      const result = await simulation.execute({ source, input, startedAt, onInitialized: noteId });
      return { importId: importId!, source, startedAt, result };
    } catch (error) {
      if (!fails || !isExpectedFailure(error)) throw error;
    }
    beforeResume();
    if (importId === undefined) startedAt = simulation.schedule.now();
  }
}

/** The compared ways to import. */
export type ContenderName = 'classic' | 'hand-written' | 'floor' | 'this';

/** A measured import. */
export interface ImportSize {
  readonly pages: number;
  /** Records per page. */
  readonly pageSize: number;
  /** Time that the source takes for a page, in milliseconds; 0 for an immediate answer. */
  readonly pageMilliseconds: number;
}

/** A contender's report of an import. */
export interface ImportReport {
  /** Key of the object that it published. */
  readonly key: string;
  /** Time that the source took for all pages, in seconds. */
  readonly sourceSeconds: number;
  /** With a state machine: number of states entered, and the invocations of the Lambda functions. */
  readonly transitions?: number;
  readonly invocations?: readonly Invocation[];
}

/** An invocation of a Lambda function. */
export interface Invocation {
  /** Name of the function's state. */
  readonly state: string;
  readonly seconds: number;
}

/** Runs imports, one after the other. */
export type Contender = (size: ImportSize) => Promise<ImportReport>;

/** What a contender works with. */
export interface ContenderSetup {
  readonly contender: ContenderName;
  readonly bucket: string;
  /** Folder of the cloud assembly with the state machines. */
  readonly assembly: string;
  /** Construct paths of their functions. */
  readonly functions: readonly string[];
}

/** The answer of a contender's process to a size. */
export interface ContenderResult extends ImportReport {
  readonly seconds: number;
  /** CPU time of the process, including all threads. */
  readonly cpuSeconds: number;
  /** Peak memory of the process so far. */
  readonly peakRssBytes: number;
}

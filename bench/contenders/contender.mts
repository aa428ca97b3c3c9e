/** The ways to import that are compared. */
export type ContenderName = 'classic' | 'hand-written' | 'floor' | 'this';

/** An import that is measured. */
export interface ImportSize {
  readonly pages: number;
  /** Records per page. */
  readonly pageSize: number;
  /** Time that the source takes for a page, in milliseconds; 0 for an answer at once. */
  readonly pageMilliseconds: number;
}

/** What a contender says of an import. */
export interface ImportReport {
  /** Key of the object that it published. */
  readonly key: string;
  /** Time that the source took for all pages, in seconds. */
  readonly sourceSeconds: number;
  /** States that were entered, and invocations of the Lambda functions, where there is a state machine. */
  readonly transitions?: number;
  readonly invocations?: readonly Invocation[];
}

/** An invocation of a Lambda function. */
export interface Invocation {
  /** Name of the state whose function it was. */
  readonly state: string;
  readonly seconds: number;
}

/** Runs imports, one after the other. */
export type Contender = (size: ImportSize) => Promise<ImportReport>;

/** Where a contender finds what it works with. */
export interface ContenderSetup {
  readonly contender: ContenderName;
  readonly bucket: string;
  /** Folder of the cloud assembly with the state machines. */
  readonly assembly: string;
  /** Construct paths of their functions. */
  readonly functions: readonly string[];
}

/** What a contender's process answers to a size that it is sent. */
export interface ContenderResult extends ImportReport {
  readonly seconds: number;
  /** CPU time of the process, all of its threads included. */
  readonly cpuSeconds: number;
  /** Most memory that the process has had so far. */
  readonly peakRssBytes: number;
}

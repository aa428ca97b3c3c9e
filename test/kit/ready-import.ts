import { LoopState } from '../../src/protocol/machine-state';
import { manifestKey } from '../../src/protocol/manifest';
import { DEFAULT_OUTPUT, Layout, OutputSettings } from '../../src/protocol/output-settings';
import { ObjectStore } from '../../src/runtime/ports/object-store';
import { MemoryS3 } from './memory-store';
import { numberedRecords, offsetSource } from './scripted-source';
import { storeWith } from './store-with';
import { CACHE_BUCKET, DESTINATION_BUCKET, TestMachine, TestMachineOptions } from './test-machine';

/** The records of an import that is ready. */
export const RECORDS = numberedRecords(8);

/** Limits that let each chunk be a part. */
export const SMALL_PARTS = { minBytes: 1, maxParts: 100 };

/** A test's changes to the operations of a store; `plain` is the unchanged store. */
export type Meddle = (plain: ObjectStore) => Partial<ObjectStore>;

export interface ReadyOptions extends Partial<TestMachineOptions> {
  /** Changes to the destination's store. */
  readonly destination?: Meddle;
}

/** An import that is ready to be published. */
export interface ReadyImport {
  readonly machine: TestMachine;
  readonly state: LoopState;
  readonly s3: MemoryS3;
  /** Store of the destination. */
  readonly bucket: ObjectStore;
}

/** Four chunks of two records, unless told otherwise. */
export async function readyImport({ destination = () => ({}), ...options }: ReadyOptions = {}): Promise<ReadyImport> {
  const s3 = options.s3 ?? new MemoryS3({ partMinBytes: 1 });
  const meddled = (bucket: string): ObjectStore => {
    const plain = s3.store(bucket);
    return bucket === CACHE_BUCKET ? plain : storeWith(plain, destination(plain));
  };
  const machine = new TestMachine({
    source: offsetSource(RECORDS), settings: { chunkBytes: 1 }, partLimits: SMALL_PARTS, openStore: meddled, ...options, s3,
  });
  const state = await machine.fetchAll(await machine.initialize());
  return { machine, state, s3, bucket: s3.store(DESTINATION_BUCKET) };
}

/** A separate prefix for each import. */
export const PARTS_KEY = 'orders/{importId}/';

/** The default output with some changes. */
export function outputOf(different: Partial<OutputSettings>): OutputSettings {
  return { ...DEFAULT_OUTPUT, ...different };
}

/** One object per chunk. */
export const PARTS_OUTPUT = outputOf({ layout: Layout.PARTS });

/** An import that is ready to be published as one object per chunk. */
export interface ReadyParts extends ReadyImport {
  readonly prefix: string;
  /** Key of the manifest to publish. */
  readonly manifest: string;
}

/** The same, published as one object per chunk. */
export async function readyParts(options: ReadyOptions = {}): Promise<ReadyParts> {
  const ready = await readyImport({ output: PARTS_OUTPUT, destinationKey: PARTS_KEY, ...options });
  const prefix = `orders/${ready.state.importId}/`;
  return { ...ready, prefix, manifest: manifestKey(prefix, Layout.PARTS) };
}

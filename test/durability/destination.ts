import { UnknownColumns } from '../../src/protocol/choices';
import { LatestPointer } from '../../src/protocol/latest-pointer';
import { ImportResult } from '../../src/protocol/machine-state';
import { Manifest, ObjectMetadata } from '../../src/protocol/manifest';
import { DEFAULT_OUTPUT, FormatName, Layout, OutputSettings } from '../../src/protocol/output-settings';
import { ObjectStore } from '../../src/runtime/ports/object-store';
import { DESTINATION_KEY } from '../kit/test-machine';

/** Where the imports of a schedule publish. */
export interface Destination {
  /** With its placeholders. */
  readonly key: string;
  readonly output: OutputSettings;
}

const WITH_POINTER: OutputSettings = { ...DEFAULT_OUTPUT, latestKey: 'orders/latest.json' };

/** The fields of its records, one that only the first page has, and one that none has. */
const CSV: OutputSettings = {
  ...DEFAULT_OUTPUT,
  format: { name: FormatName.CSV, columns: ['page', 'row', 'call', 'first', 'missing'], unknownColumns: UnknownColumns.FAIL },
};

/** Columns of a destination's CSV that no record has. */
export const UNSEEN_COLUMNS = ['missing'];

/** The one that only records of the first page have, from sources that mark them. */
export const FIRST_PAGE_COLUMN = 'first';

/** Each way to publish, as far as it matters who writes where. */
export const DESTINATIONS = {
  'an object': { key: DESTINATION_KEY, output: DEFAULT_OUTPUT },
  'a CSV': { key: DESTINATION_KEY, output: CSV },
  'an object and a pointer': { key: DESTINATION_KEY, output: WITH_POINTER },
  'an object per import and a pointer': { key: 'orders/{importId}.jsonl', output: WITH_POINTER },
  'parts and a pointer': { key: 'orders/{importId}/', output: { ...WITH_POINTER, layout: Layout.PARTS } },
} satisfies Record<string, Destination>;
export type DestinationName = keyof typeof DESTINATIONS;

/** Whether imports replace each other's objects. Where they do not, readers find the newest by the pointer. */
export function isShared({ key }: Destination): boolean {
  return !key.includes('{importId}');
}

/** What stands at the destination before. */
export const OLD_OBJECT = 'the object of an earlier import\n';

/** What is found where something is named that is not there: no import's records. */
const NOTHING = '"nothing"\n';

/** What a look at the destination showed. */
export interface Sighting {
  readonly text: string;
  readonly importId: string | undefined;
  readonly startTime: string | undefined;
}

/** A destination as its readers see it, who know the key, or the pointer, and follow what is written there. */
export class Reader {
  /** @param store takes no turn: nothing else happens meanwhile */
  constructor(private readonly store: ObjectStore, private readonly destination: Destination) {}

  /** The key that readers know. */
  public get key(): string {
    const { key, output } = this.destination;
    return isShared(this.destination) ? key : output.latestKey!;
  }

  /** The records that readers find. */
  public async read(): Promise<Sighting> {
    const found = await this.look(this.key);
    if (isShared(this.destination) || ['', OLD_OBJECT].includes(found.text)) return found;
    return { ...found, text: await this.recordsOf(JSON.parse(found.text) as LatestPointer) };
  }

  /** The records of an import that says where they are. */
  public async recordsOf({ key, manifestKey }: Pick<ImportResult, 'key' | 'manifestKey'>): Promise<string> {
    if (this.destination.output.layout === Layout.OBJECT) return await this.text(key) ?? NOTHING;
    const manifest = await this.text(manifestKey);
    if (manifest === undefined) return NOTHING;
    const { chunks } = JSON.parse(manifest) as Manifest;
    return (await Promise.all(chunks.map(async (chunk) => await this.text(chunk.key!) ?? NOTHING))).join('');
  }

  /** What is at a key; an empty text where there is nothing. */
  public async look(key: string): Promise<Sighting> {
    const [text = '', summary] = await Promise.all([this.text(key), this.store.inspect(key)]);
    return { text, importId: summary?.metadata[ObjectMetadata.IMPORT_ID], startTime: summary?.metadata[ObjectMetadata.START_TIME] };
  }

  private async text(key: string): Promise<string | undefined> {
    const bytes = await this.store.read(key);
    return bytes && new TextDecoder().decode(bytes);
  }
}

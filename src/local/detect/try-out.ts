import { HttpSettings } from '../../protocol/http-settings';
import { PreviewedPage } from '../preview/previewed-page';
import { Probe } from './probe';
import { Sample } from './sample';
import { parametersOf } from './with-pagination';

/**
 * What came of a trial:
 *
 * ```
 * confirmed   the second page has other records than the first one
 * ended       everything is on one page, so that nothing was shown
 * refuted     the second page repeats records, or the first one begins elsewhere than the sample, or the source refuses
 * ```
 */
export interface Trial {
  readonly outcome: 'confirmed' | 'ended' | 'refuted';
  readonly pages: readonly PreviewedPage[];
}

/** Asks for two pages as the settings say, and compares them with each other and with the sample. */
export async function tryOut(probe: Probe, settings: HttpSettings, pageSize: number, sample: Sample): Promise<Trial> {
  const { pages } = await probe.pages(settings, pageSize, 2);
  return { outcome: outcomeOf(pages, beginsAtFirst(settings, sample) ? sample.records.list : []), pages };
}

/** Whether the sample is the first page: its address may have asked for another one. */
function beginsAtFirst({ pagination }: HttpSettings, { url }: Sample): boolean {
  return !parametersOf(pagination).some((name) => url.searchParams.has(name) && Number(url.searchParams.get(name)) > 1);
}

function outcomeOf([first, second]: readonly PreviewedPage[], sampled: readonly unknown[]): Trial['outcome'] {
  if (first === undefined || isElsewhere(first.read.records, sampled)) return 'refuted';
  if (first.isLast) return 'ended';
  if (second === undefined) return 'refuted';
  if (second.read.records.length === 0) return 'ended';
  const before = new Set(first.read.records.map(identity));
  return second.read.records.some((record) => before.has(identity(record))) ? 'refuted' : 'confirmed';
}

function isElsewhere(records: readonly unknown[], sampled: readonly unknown[]): boolean {
  return sampled.length > 0 && (records.length === 0 || identity(records[0]) !== identity(sampled[0]));
}

const KEYS = ['id', '_id', 'uuid', 'key', 'guid'];

/** What tells a record from others: other fields may change with each answer. */
export function identity(record: unknown): string {
  if (typeof record !== 'object' || record === null) return JSON.stringify(record);
  const key = KEYS.find((name) => ['string', 'number'].includes(typeof (record as Record<string, unknown>)[name]));
  return JSON.stringify(key === undefined ? record : (record as Record<string, unknown>)[key]);
}

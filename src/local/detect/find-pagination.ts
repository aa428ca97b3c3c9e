import { HttpSettings } from '../../protocol/http-settings';
import { Candidate } from './candidate';
import { FoundPageSize } from './find-page-size';
import { Probe } from './probe';
import { RECOGNISERS } from './recognisers';
import { Sample } from './sample';
import { Trial, tryOut } from './try-out';
import { withPagination } from './with-pagination';

/** How the pages of a source follow each other. */
export interface FoundPagination {
  readonly settings: HttpSettings;
  /** Name of the style, for people. */
  readonly name: string;
  readonly reason: string;
  /** Whether a second page has shown it. */
  readonly isConfirmed: boolean;
  /** What the trial read; empty if there was none. */
  readonly pages: Trial['pages'];
}

/** A candidate, and what came of it. */
interface Tried extends FoundPagination {
  readonly isBlind: boolean;
  readonly outcome: Trial['outcome'];
}

/** Tries what the answer suggests, until a second page with other records shows that it is right. */
export async function findPagination(
  probe: Probe, base: HttpSettings, sample: Sample, size: FoundPageSize | undefined,
): Promise<FoundPagination> {
  const tried: Tried[] = [];
  for (const { name, candidate, isBlind } of candidatesFor(sample)) {
    if (probe.isSpent) break;
    const settings = withPagination(base, candidate, size?.name);
    const { outcome, pages } = await tryOut(probe, settings, size?.asked ?? Math.max(1, sample.records.list.length), sample);
    const found = { settings, name, reason: candidate.reason, isConfirmed: outcome === 'confirmed', pages, outcome, isBlind };
    if (found.isConfirmed) return found;
    tried.push(found);
  }
  return tried.find(({ outcome }) => outcome === 'ended') ?? recognised(tried) ?? onePage(base);
}

interface NamedCandidate {
  readonly name: string;
  readonly isBlind: boolean;
  readonly candidate: Candidate;
}

function candidatesFor(sample: Sample): readonly NamedCandidate[] {
  return RECOGNISERS.flatMap(({ name, candidates, isBlind = false }) => (
    candidates(sample).map((candidate) => ({ name, candidate, isBlind }))
  ));
}

/** What the answer suggests, although trying did not show it: better than to take the first page for everything. */
function recognised(tried: readonly Tried[]): FoundPagination | undefined {
  const first = tried.find(({ isBlind }) => !isBlind);
  return first && { ...first, pages: [], reason: `${first.reason}, but asking for a second page as usual brought none, or the same records` };
}

function onePage(base: HttpSettings): FoundPagination {
  const reason = 'nothing in the answer says that there are more pages, and usual parameters brought none. If there are more, only the first page would be imported';
  return { settings: base, name: 'one response', reason, isConfirmed: false, pages: [] };
}

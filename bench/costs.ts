import { FETCH_MEMORY_MIB, FUNCTION_TIMEOUT_SECONDS } from '../src/protocol/defaults';
import { StateName } from '../src/protocol/state-names';
import { BenchApp, PAGE_SIZES, PageSize } from './bench-app';
import { ClassicFormula } from './classic-formula';
import { Measurement } from './contender-run';
import type { ContenderName } from './contenders/contender.mts';
import { SLOW_PAGE_MILLISECONDS } from './plan';
import { dollars, gigabyteSecondsOf, requestsOf, Usage } from './usage';

/** What an import costs. */
export interface Cost {
  readonly contender: ContenderName;
  readonly records: number;
  readonly pageSize: number;
  /** Time that the source takes for a page. */
  readonly pageMilliseconds: number;
  /** How the usage was determined. */
  readonly basis: 'measured' | 'extrapolated' | 'modelled';
  readonly usage: Usage;
  readonly dollars: number;
  readonly dollarsPerMillionRecords: number;
}

/**
 * Costs of the large imports and of the classic loop: with a source that answers immediately, and with a slow one, whose waits are what
 * most imports pay Lambda for.
 */
export function costs(app: BenchApp, large: readonly Measurement[], classic: readonly Measurement[]): Cost[] {
  const ours = large.filter(({ contender }) => contender === 'this').sort((one, other) => one.size.pageSize - other.size.pageSize);
  const points = classic.filter(({ contender }) => contender === 'classic').map(({ size, seconds }) => ({ ...size, seconds }));
  const formula = ClassicFormula.fit(points);
  const records = ours[0]!.size.pages * ours[0]!.size.pageSize;
  const measured = points.at(-1)!;
  return [
    ...ours.map((run) => cost('this', run.size, 0, 'measured', usageOf(app, run))),
    cost('classic', measured, 0, 'measured', formula.usage(measured.pages, measured.pageSize, 0)),
    ...classicCosts(formula, records, 0),
    ...ours.map((run) => cost('this', run.size, SLOW_PAGE_MILLISECONDS, 'modelled', withSlowSource(usageOf(app, run), run))),
    ...classicCosts(formula, records, SLOW_PAGE_MILLISECONDS),
  ];
}

function classicCosts(formula: ClassicFormula, records: number, pageMilliseconds: number): Cost[] {
  return PAGE_SIZES.map((pageSize) => {
    const size = { pages: records / pageSize, pageSize };
    return cost('classic', size, pageMilliseconds, 'extrapolated', formula.usage(size.pages, pageSize, pageMilliseconds / 1000));
  });
}

function usageOf(app: BenchApp, { size, transitions = 0, invocations = [], s3 }: Measurement): Usage {
  const memoryMib = (state: string): number => app.function(size.pageSize as PageSize, state).memoryMegabytes;
  return {
    transitions,
    invocations: invocations.length,
    gigabyteSeconds: gigabyteSecondsOf(invocations, memoryMib),
    ...requestsOf(s3),
  };
}

/** Fetch waits for each page before it processes it. When its time is up, another round follows, with Fetch and PersistOrContinue. */
function withSlowSource(usage: Usage, { size, invocations = [] }: Measurement): Usage {
  const waiting = size.pages * SLOW_PAGE_MILLISECONDS / 1000;
  const working = invocations.filter(({ state }) => state === StateName.FETCH).reduce((sum, { seconds }) => sum + seconds, 0);
  const moreRounds = Math.ceil((waiting + working) / FUNCTION_TIMEOUT_SECONDS) - 1;
  return {
    ...usage,
    transitions: usage.transitions + 2 * moreRounds,
    invocations: usage.invocations + moreRounds,
    gigabyteSeconds: usage.gigabyteSeconds + waiting * FETCH_MEMORY_MIB / 1024,
  };
}

function cost(
  contender: ContenderName, { pages, pageSize }: { readonly pages: number; readonly pageSize: number }, pageMilliseconds: number,
  basis: Cost['basis'], usage: Usage,
): Cost {
  const records = pages * pageSize;
  const sum = dollars(usage);
  return { contender, records, pageSize, pageMilliseconds, basis, usage, dollars: sum, dollarsPerMillionRecords: sum / records * 1e6 };
}

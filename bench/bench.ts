/**
 * `npm run bench`: time, CPU time, memory and cost of an import, compared with other ways to write one. Reports measurements and asserts
 * nothing. `--quick` uses smaller sizes, `--json` prints the figures as JSON.
 */
import { parseArgs } from 'node:util';
import { Measurement } from './contender-run';
import { Figures, measure } from './figures';
import { FULL, QUICK } from './plan';
import { report } from './report';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } } });
  const figures = await measure(values.quick ? QUICK : FULL);
  console.log(values.json ? JSON.stringify(asJson(figures)) : report(figures));
}

/** A summary of the medians, and everything behind them. */
function asJson(figures: Figures): object {
  return { runs: [...figures.large, ...figures.classic].map(run), ...figures };
}

function run({ contender, size: { pages, pageSize }, seconds, cpuSeconds, peakRssBytes }: Measurement): object {
  return { contender, records: pages * pageSize, pageSize, seconds, cpuSeconds, peakRssBytes };
}

void main();

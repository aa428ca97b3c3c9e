import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Tally } from './tally';

/** Runs the sample through the real client, in jest, which can load the local server from its sources. */
export async function sampleThroughRealClient(tally: Tally, { schedules, seed }: { schedules: number; seed: number }): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'durability-'));
  const reportFile = join(folder, 'tally.json');
  const environment = { DURABILITY_REAL: String(schedules), DURABILITY_SEED: String(seed), DURABILITY_REPORT: reportFile };
  try {
    const child = spawn('jest', ['test/durability/real-client.test.ts'], { env: { ...process.env, ...environment }, stdio: ['ignore', 'ignore', 'pipe'] });
    const closed = once(child, 'close');
    const output = await text(child.stderr);
    const [code] = await closed;
    tally.add(Tally.parse(readFileSync(reportFile, 'utf8')));
    // It may have failed for another reason than the violations that it has written down.
    if (code !== 0 && tally.violations.length === 0) tally.violation({ schedule: 'real client', problems: [output] });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A contender in a separate process: `node contender-process.mts <setup as JSON>`. Answers each size it receives with a result. */
import { cpuUsage } from 'node:process';
import { peakRssBytes } from '../peak-memory.mts';
import type { Contender, ContenderResult, ContenderSetup, ImportSize } from './contender.mts';

/** Loads only one contender: the others' code would count as its memory. */
async function open(setup: ContenderSetup): Promise<Contender> {
  const { contender, bucket } = setup;
  switch (contender) {
    case 'classic': return (await import('./classic.mts')).classic(bucket);
    case 'hand-written': return (await import('./hand-written.mts')).handWritten(bucket);
    case 'floor': return (await import('./floor.mts')).floor(bucket);
    case 'this': return (await import('./this.mts')).wholeMachine(setup);
  }
}

async function measure(contender: Contender, size: ImportSize): Promise<ContenderResult> {
  const cpuBefore = cpuUsage();
  const startedAt = performance.now();
  const report = await contender(size);
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = cpuUsage(cpuBefore);
  return { ...report, seconds, cpuSeconds: (user + system) / 1e6, peakRssBytes: peakRssBytes() };
}

const contender = await open(JSON.parse(process.argv[2]!) as ContenderSetup);
process.on('message', (size: ImportSize) => void measure(contender, size).then((result) => process.send!(result)));
process.on('disconnect', () => process.exit());

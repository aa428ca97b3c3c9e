import { writeSync } from 'node:fs';
import { SOURCE_VERDICT_FD, SourceVerdict } from '../../protocol/source-verdict';
import { sourceHandler } from '../../source/handler/source-handler';
import { describeError } from '../errors/describe-error';

/**
 * Loads the module at the URL in its argument, as the page loop would, and reports what is wrong with it. The constructs run it at synth.
 */
async function problemOf(url: string): Promise<string | undefined> {
  let exports: unknown;
  try {
    exports = await import(url);
  } catch (error) {
    return `it failed to load (${describeError(error)})`;
  }
  return sourceHandler(exports).problem;
}

/** Reports and exits, even if the module has left something running. */
function say(verdict: SourceVerdict): never {
  writeSync(SOURCE_VERDICT_FD, JSON.stringify(verdict));
  process.exit();
}

process.once('beforeExit', () => say({ problem: 'it never finishes loading: it awaits something that does not come' }));
void problemOf(process.argv[2]!).then((problem) => say({ problem }));

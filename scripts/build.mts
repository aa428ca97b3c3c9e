/** `npm run build`: everything that is published, with no more output than a failure needs. */
import { runCommands } from './run-commands.mts';

const started = performance.now();
const passed = await runCommands(['bundle:lambdas', 'compile', 'bundle:local'], { quiet: true });
if (passed) console.log(`Built in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
process.exitCode = passed ? 0 : 1;

/** `npm run build`: builds everything that is published. Only failures print their output. */
import { runCommands } from './run-commands.mts';

const started = performance.now();
const passed = await runCommands(['bundle:lambdas', 'compile', 'bundle:local', 'licenses'], { quiet: true });
if (passed) console.log(`Built in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
process.exitCode = passed ? 0 : 1;

// A Lambda function's code in a process of its own, so that its memory can be measured: `node lambda-process.mjs <module>`, with the
// event on standard input. Writes one line of JSON: the function's result, and the most memory that the process had.
import { existsSync, readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';

const SECONDS = 900;
const LINUX_STATUS = '/proc/self/status';

/** On Linux, `maxRSS` counts what the parent had when it forked. */
function peakBytes() {
  const kibibytes = existsSync(LINUX_STATUS)
    ? Number(/VmHWM:\s*(\d+)/.exec(readFileSync(LINUX_STATUS, 'utf8'))[1])
    : process.resourceUsage().maxRSS;
  return kibibytes * 1024;
}

const deadline = Date.now() + SECONDS * 1000;
const { handler } = await import(pathToFileURL(process.argv[2]).href);
const result = await handler(JSON.parse(await text(process.stdin)), {
  memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  getRemainingTimeInMillis: () => deadline - Date.now(),
});
console.log(JSON.stringify({ result, peakBytes: peakBytes() }));
process.exit();

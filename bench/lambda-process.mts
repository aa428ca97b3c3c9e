/**
 * A Lambda function's code in a separate process, to measure its memory: `node lambda-process.mts <module>`, with the event on standard
 * input. Writes one line of JSON: the function's result and the peak memory of the process.
 */
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { peakRssBytes } from './peak-memory.mts';

const SECONDS = 900;

const deadline = Date.now() + SECONDS * 1000;
const { handler } = await import(pathToFileURL(process.argv[2]!).href);
const result = await handler(JSON.parse(await text(process.stdin)), {
  memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  getRemainingTimeInMillis: () => deadline - Date.now(),
});
console.log(JSON.stringify({ result, peakBytes: peakRssBytes() }));
process.exit();

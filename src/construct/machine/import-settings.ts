import { Duration, Size, Token } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { NonFiniteNumbers, RepeatedPages, ShortPages, TotalMismatch } from '../../protocol/choices';
import * as defaults from '../../protocol/defaults';
import { EXECUTION_DAYS, LAMBDA_MAX_MEMORY_MIB, LAMBDA_MIN_MEMORY_MIB, LAMBDA_TIMEOUT_SECONDS, PART_MIN_BYTES } from '../../protocol/limits';
import { largestChunkBytes } from '../../protocol/memory-shares';
import { Layout, OutputSettings } from '../../protocol/output-settings';
import { nameOf } from '../base/construct-name';
import { checkedSeconds, checkWholeNumber, refusal } from '../base/validation';
import { warn, WarningId } from '../base/warnings';
import { FetchFunctionOptions } from '../source/fetch-function-options';
import { fetchFunctionOptionsOf, FunctionOptions, functionOptionsOf } from './function-options';
import { PaginatedImportProps } from './paginated-import-props';

/** An import's settings, checked and with defaults. */
export interface ImportSettings {
  readonly pageSize: number;
  readonly timeoutSeconds: number;
  /** How long the import may run, redrives and resumes included. */
  readonly maximumAgeSeconds: number;
  readonly chunkBytes: number;
  readonly checkpointIntervalSeconds: number;
  readonly pageAttempts: number;
  readonly maxWaitSeconds: number;
  /** `undefined` for no limit. */
  readonly maxPages?: number;
  /** `undefined` for no limit. */
  readonly maxRecords?: number;
  readonly maxEmptyPages: number;
  readonly shortPages: ShortPages;
  readonly repeatedPages: RepeatedPages;
  readonly minRecords: number;
  readonly onTotalMismatch: TotalMismatch;
  readonly nonFiniteNumbers: NonFiniteNumbers;
  readonly roundsPerExecution: number;
  readonly fetchMemoryMib: number;
  readonly fetchTimeoutSeconds: number;
  readonly functionOptions: FunctionOptions;
  readonly fetchFunctionOptions: FunctionOptions;
  /** `undefined` for keys that AWS owns. */
  readonly encryptionKey?: kms.IKey;
  readonly logRetention: logs.RetentionDays;
  readonly stateMachineLogLevel: sfn.LogLevel;
  /** `undefined` for everything, as plain text. */
  readonly functionLogLevel?: lambda.ApplicationLogLevel;
  readonly tracing: boolean;
}

/** Prefix of the environment variables that users may not set. */
const OWN_VARIABLES = 'PAGINATED_IMPORT_';

/** Maximum layers of a Lambda function. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const LAMBDA_LAYERS = 5;

/**
 * Checks the settings of an import and fills in the defaults.
 *
 * @throws Error that names the construct and the property, and says what to write instead
 */
export function settingsOf(scope: Construct, props: PaginatedImportProps): ImportSettings {
  const where = nameOf(scope);
  const { fetchFunction = {}, nonFiniteNumbers } = props;
  checkFetchFunction(where, fetchFunction);
  const timeoutSeconds = secondsOf(where, 'timeout', props.timeout, defaults.TIMEOUT_DAYS * 24 * 3600, EXECUTION_DAYS * 24 * 3600);
  const fetchMemoryMib = wholeNumber(where, 'fetchFunction.memorySize', fetchFunction.memorySize, defaults.FETCH_MEMORY_MIB,
    { min: LAMBDA_MIN_MEMORY_MIB, max: LAMBDA_MAX_MEMORY_MIB, unit: 'MiB' });
  checkWholeNumber(where, 'pageSize', props.pageSize, { min: 1 });
  const functionOptions = functionOptionsOf(where, props);
  return {
    pageSize: props.pageSize,
    timeoutSeconds,
    maximumAgeSeconds: defaults.maximumAgeSeconds(timeoutSeconds),
    chunkBytes: chunkBytesOf(where, props.chunkSize, fetchMemoryMib),
    checkpointIntervalSeconds: secondsOf(
      where, 'checkpointInterval', props.checkpointInterval, defaults.CHECKPOINT_INTERVAL_SECONDS, LAMBDA_TIMEOUT_SECONDS),
    pageAttempts: wholeNumber(where, 'maxAttemptsPerPage', props.maxAttemptsPerPage, defaults.PAGE_ATTEMPTS, { min: 1 }),
    maxWaitSeconds: secondsOf(where, 'maxWait', props.maxWait, defaults.MAX_WAIT_SECONDS, timeoutSeconds),
    ...recordLimitsOf(where, props),
    shortPages: props.shortPages ?? defaults.SHORT_PAGES,
    repeatedPages: props.repeatedPages ?? defaults.REPEATED_PAGES,
    onTotalMismatch: props.onTotalMismatch ?? defaults.ON_TOTAL_MISMATCH,
    nonFiniteNumbers: nonFiniteNumbers ?? defaults.NON_FINITE_NUMBERS,
    roundsPerExecution: wholeNumber(where, 'roundsPerExecution', props.roundsPerExecution, defaults.ROUNDS_PER_EMBEDDED_EXECUTION,
      { min: 1, max: defaults.MAX_ROUNDS_PER_EXECUTION }),
    fetchMemoryMib,
    fetchTimeoutSeconds: secondsOf(
      where, 'fetchFunction.timeout', fetchFunction.timeout, defaults.FUNCTION_TIMEOUT_SECONDS, LAMBDA_TIMEOUT_SECONDS),
    functionOptions,
    fetchFunctionOptions: fetchFunctionOptionsOf(where, functionOptions, fetchFunction),
    encryptionKey: props.encryptionKey,
    logRetention: props.logRetention ?? defaults.LOG_RETENTION_DAYS,
    stateMachineLogLevel: props.stateMachineLogLevel ?? sfn.LogLevel[defaults.STATE_MACHINE_LOG_LEVEL],
    functionLogLevel: props.functionLogLevel,
    tracing: props.tracing ?? defaults.TRACING,
  };
}

function recordLimitsOf(where: string, { maxPages, maxRecords, maxEmptyPages, minRecords }: PaginatedImportProps): RecordLimits {
  if (maxPages !== undefined) checkWholeNumber(where, 'maxPages', maxPages, { min: 1 });
  if (maxRecords !== undefined) checkWholeNumber(where, 'maxRecords', maxRecords, { min: 1 });
  const upper = maxRecords === undefined ? {} : { max: maxRecords, unit: 'records (maxRecords)' };
  return {
    maxPages, maxRecords,
    maxEmptyPages: wholeNumber(where, 'maxEmptyPages', maxEmptyPages, defaults.MAX_EMPTY_PAGES, { min: 1 }),
    minRecords: wholeNumber(where, 'minRecords', minRecords, defaults.MIN_RECORDS, { min: 0, ...upper }),
  };
}

type RecordLimits = Pick<ImportSettings, 'maxPages' | 'maxRecords' | 'maxEmptyPages' | 'minRecords'>;

function wholeNumber(
  where: string, property: string, given: number | undefined, fallback: number, bounds: Parameters<typeof checkWholeNumber>[3],
): number {
  if (given !== undefined) checkWholeNumber(where, property, given, bounds);
  return given ?? fallback;
}

function secondsOf(where: string, property: string, given: Duration | undefined, fallback: number, max: number): number {
  return given === undefined ? fallback : checkedSeconds(where, property, given, { min: 1, max });
}

function chunkBytesOf(where: string, given: Size | undefined, memoryMib: number): number {
  if (given?.isUnresolved()) throw refusal(where, 'chunkSize', 'is a token, whose value is not known at synth', 'a size such as Size.mebibytes(8)');
  const bytes = given?.toBytes() ?? defaults.CHUNK_BYTES;
  const max = largestChunkBytes(memoryMib);
  checkWholeNumber(where, 'chunkSize', bytes, { min: 1, max, unit: `bytes (an eighth of the fetch function's ${memoryMib} MiB of memory)` });
  return bytes;
}

/** Warns about chunks that are too small for S3 to join. Irrelevant if each becomes its own object. */
export function warnOfSmallChunks(scope: Construct, { chunkBytes }: ImportSettings, { layout }: OutputSettings): void {
  if (layout === Layout.PARTS || chunkBytes >= PART_MIN_BYTES) return;
  warn(scope, WarningId.SMALL_CHUNKS, `chunkSize is ${chunkBytes} bytes. S3 cannot copy chunks below ${PART_MIN_BYTES} bytes into one object, so publishing moves their `
    + 'data through the persist function. Write Size.mebibytes(8), or leave it out.');
}

function checkFetchFunction(where: string, { environment = {}, layers = [] }: FetchFunctionOptions): void {
  const own = Object.keys(environment).find((name) => !Token.isUnresolved(name) && name.startsWith(OWN_VARIABLES));
  if (own !== undefined) {
    throw refusal(where, 'fetchFunction.environment', `has ${own}, and names that begin with ${OWN_VARIABLES} are reserved`, 'another name');
  }
  if (layers.length > LAMBDA_LAYERS) {
    throw refusal(where, 'fetchFunction.layers', `has ${layers.length} layers, and Lambda allows ${LAMBDA_LAYERS}`, `at most ${LAMBDA_LAYERS}`);
  }
}

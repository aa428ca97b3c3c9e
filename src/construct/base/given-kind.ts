import { Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Brand, isMarked } from './brand';

/** What a value is, in words that users know. */
export enum GivenKind {
  MISSING = 'missing',
  NULL = 'null',
  STRING = 'a string',
  NUMBER = 'a number',
  BOOLEAN = 'a boolean',
  BIGINT = 'a bigint',
  SYMBOL = 'a symbol',
  FUNCTION = 'a function',
  ARRAY = 'an array',
  TOKEN = 'a token',
  URL = 'a URL',
  PROMISE = 'a promise',
  DATE = 'a Date',
  DURATION = 'a Duration',
  SIZE = 'a Size',
  FETCH_PAGE_HANDLER = 'a FetchPageHandler',
  IMPORT_DESTINATION = 'an ImportDestination',
  CHUNK_CACHE = 'a ChunkCache',
  OUTPUT_FORMAT = 'an OutputFormat',
  SCHEDULER_EXPRESSION = 'a ScheduleExpression of EventBridge Scheduler',
  BUCKET = 'a bucket',
  LAMBDA_FUNCTION = 'a Lambda function',
  STATE = 'a state',
  CONSTRUCT = 'a construct',
  OBJECT = 'an object',
}

const PRIMITIVES: { readonly [type: string]: GivenKind } = {
  undefined: GivenKind.MISSING,
  string: GivenKind.STRING,
  number: GivenKind.NUMBER,
  boolean: GivenKind.BOOLEAN,
  bigint: GivenKind.BIGINT,
  symbol: GivenKind.SYMBOL,
  function: GivenKind.FUNCTION,
};

type Test = (value: object) => boolean;

/** In order of precedence: the first match counts. */
const OBJECTS: readonly (readonly [GivenKind, Test])[] = [
  [GivenKind.ARRAY, (value) => Array.isArray(value)],
  [GivenKind.TOKEN, (value) => Token.isUnresolved(value) && !Construct.isConstruct(value)],
  [GivenKind.FETCH_PAGE_HANDLER, (value) => isMarked(value, Brand.FETCH_PAGE_HANDLER)],
  [GivenKind.IMPORT_DESTINATION, (value) => isMarked(value, Brand.IMPORT_DESTINATION)],
  [GivenKind.CHUNK_CACHE, (value) => isMarked(value, Brand.CHUNK_CACHE)],
  [GivenKind.OUTPUT_FORMAT, (value) => isMarked(value, Brand.OUTPUT_FORMAT)],
  [GivenKind.BUCKET, isBucket],
  [GivenKind.LAMBDA_FUNCTION, isLambdaFunction],
  [GivenKind.STATE, isChainable],
  [GivenKind.CONSTRUCT, (value) => Construct.isConstruct(value)],
  [GivenKind.DURATION, isDuration],
  [GivenKind.SIZE, isSize],
  [GivenKind.SCHEDULER_EXPRESSION, isSchedulerExpression],
  [GivenKind.URL, (value) => has(value, 'href', 'string')],
  [GivenKind.PROMISE, (value) => has(value, 'then', 'function')],
  [GivenKind.DATE, (value) => has(value, 'toISOString', 'function')],
];

/** What was given, for a message. Never a value, which may be a secret, and never an internal name. */
export function givenKindOf(value: unknown): GivenKind {
  if (value === null) return GivenKind.NULL;
  if (typeof value !== 'object') return PRIMITIVES[typeof value]!;
  return OBJECTS.find(([, fits]) => fits(value))?.[0] ?? GivenKind.OBJECT;
}

/**
 * Whether a value has a property of a type. CDK's objects are recognized by shape: an app can contain two copies of aws-cdk-lib, and
 * `instanceof` knows only one.
 */
export function has(value: unknown, property: string, type: string): boolean {
  return typeof value === 'object' && value !== null && typeof (value as { readonly [name: string]: unknown })[property] === type;
}

export function isBucket(value: unknown): boolean {
  return has(value, 'bucketName', 'string') && has(value, 'arnForObjects', 'function');
}

export function isLambdaFunction(value: unknown): boolean {
  return has(value, 'functionArn', 'string');
}

/** Whether it is a state or a chain of them. */
export function isChainable(value: unknown): boolean {
  return has(value, 'startState', 'object') && has(value, 'endStates', 'object');
}

export function isDuration(value: unknown): boolean {
  return has(value, 'toSeconds', 'function') && has(value, 'isUnresolved', 'function');
}

export function isSize(value: unknown): boolean {
  return has(value, 'toBytes', 'function') && has(value, 'isUnresolved', 'function');
}

/** Whether it is a schedule for EventBridge rules, which use `_bind`, and not one for EventBridge Scheduler. */
export function isSchedule(value: unknown): boolean {
  return has(value, 'expressionString', 'string') && !isSchedulerExpression(value);
}

function isSchedulerExpression(value: unknown): boolean {
  return has(value, 'expressionString', 'string') && !has(value, '_bind', 'function') && 'timeZone' in (value as object);
}

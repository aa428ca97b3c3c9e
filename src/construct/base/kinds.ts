import * as logs from 'aws-cdk-lib/aws-logs';
import { Brand, isMarked } from './brand';
import { GivenKind, givenKindOf, has, isBucket, isChainable, isDuration, isLambdaFunction, isSchedule, isSize } from './given-kind';

/** What a property must be. */
export interface Kind {
  readonly accepts: (value: unknown) => boolean;
  /** What to write instead, for the message. */
  readonly remedy: string;
  /** What to write instead of a likely mistake. */
  readonly remedies?: { readonly [given in GivenKind]?: string };
  /** Kind of its members, which are checked one by one. */
  readonly members?: Kind;
  /** Whether it accepts only some values of a type. */
  readonly isChoice?: boolean;
}

/** What a required property must be. */
export interface RequiredKind extends Kind {
  readonly isRequired: true;
}

/** What each property of an interface must be. The compiler checks that the table is complete and which ones are required. */
export type Kinds<Props> = { readonly [name in keyof Props]-?: Pick<Partial<Props>, name> extends Pick<Props, name> ? Kind : RequiredKind };

/** Marks a property as required. */
export function required(kind: Kind): RequiredKind {
  return { ...kind, isRequired: true };
}

const SOURCE_MODULE = 'FetchPageHandler.fromEntry(path.join(__dirname, \'orders.source.ts\'))';
/** For a function instead of a module: esbuild bundles modules. */
const FUNCTION_INTO_MODULE = `${SOURCE_MODULE}, with the function as the default export of that module,`;

export const FETCH_PAGE_HANDLER: Kind = {
  accepts: (value) => isMarked(value, Brand.FETCH_PAGE_HANDLER),
  remedy: SOURCE_MODULE,
  remedies: { [GivenKind.FUNCTION]: FUNCTION_INTO_MODULE, [GivenKind.LAMBDA_FUNCTION]: 'FetchPageHandler.fromFunction(fn)' },
};

export const IMPORT_DESTINATION: Kind = {
  accepts: (value) => isMarked(value, Brand.IMPORT_DESTINATION),
  remedy: 'ImportDestination.toBucket(bucket, { key: \'orders/{date}/{importId}.jsonl\' })',
};

export const CHUNK_CACHE: Kind = {
  accepts: (value) => isMarked(value, Brand.CHUNK_CACHE),
  remedy: 'ChunkCache.fromBucket(bucket, { prefix: \'import-cache\' })',
};

export const OUTPUT_FORMAT: Kind = {
  accepts: (value) => isMarked(value, Brand.OUTPUT_FORMAT),
  remedy: 'OutputFormat.jsonLines(), OutputFormat.jsonArray() or OutputFormat.csv()',
};

export const PAGINATION: Kind = {
  accepts: (value) => isMarked(value, Brand.PAGINATION),
  remedy: 'a Pagination such as Pagination.linkHeader()',
};

export const REQUEST_FIELD: Kind = {
  accepts: (value) => isMarked(value, Brand.REQUEST_FIELD),
  remedy: 'a RequestField such as RequestField.query(\'page\')',
  remedies: { [GivenKind.STRING]: 'RequestField.query(name)' },
};

export const RESPONSE_FIELD: Kind = {
  accepts: (value) => isMarked(value, Brand.RESPONSE_FIELD),
  remedy: 'a ResponseField such as ResponseField.body(\'$.total\')',
  remedies: { [GivenKind.STRING]: 'ResponseField.body(path)' },
};

export const SOURCE_SECRET: Kind = {
  accepts: (value) => isMarked(value, Brand.SOURCE_SECRET),
  remedy: 'a SourceSecret such as SourceSecret.fromSecretsManager(secret)',
  remedies: { [GivenKind.STRING]: 'SourceSecret.fromSecretsManager(secret), since a text would be in the template,' },
};

export const CREDENTIALS: Kind = {
  accepts: (value) => isMarked(value, Brand.CREDENTIALS),
  remedy: 'Credentials such as Credentials.bearer(SourceSecret.fromSecretsManager(secret))',
};

export const STATES: Kind = {
  accepts: isChainable,
  remedy: 'a state, such as new tasks.LambdaInvoke(this, \'Check\', { lambdaFunction: fn }),',
  remedies: { [GivenKind.ARRAY]: 'sfn.Chain.start(first).next(second)' },
};

export const BUCKET: Kind = { accepts: isBucket, remedy: 'a bucket such as s3.Bucket.fromBucketName(this, \'Bucket\', name)' };

export const KMS_KEY: Kind = {
  accepts: (value) => has(value, 'keyArn', 'string'),
  remedy: 'a kms.IKey such as kms.Key.fromKeyArn(this, \'Key\', arn)',
};

export const LAMBDA_FUNCTION: Kind = {
  accepts: isLambdaFunction,
  remedy: 'a lambda.IFunction',
  remedies: { [GivenKind.STRING]: 'lambda.Function.fromFunctionArn(this, \'Handler\', arn)', [GivenKind.FUNCTION]: FUNCTION_INTO_MODULE },
};

export const LAMBDA_CODE: Kind = { accepts: (value) => has(value, 'bind', 'function'), remedy: 'lambda.Code.fromAsset(folder)' };

export const SCHEDULE: Kind = {
  accepts: isSchedule,
  remedy: 'an events.Schedule such as events.Schedule.rate(Duration.days(1)), of aws-cdk-lib/aws-events,',
};

export const GRANTEE: Kind = {
  accepts: (value) => has(value, 'grantPrincipal', 'object'),
  remedy: 'an iam.IGrantable such as a lambda.Function or iam.Role.fromRoleArn(this, \'Reader\', arn)',
};

export const VPC: Kind = {
  accepts: (value) => has(value, 'vpcId', 'string'),
  remedy: 'an ec2.IVpc such as ec2.Vpc.fromLookup(this, \'Vpc\', { vpcId })',
};

export const SECURITY_GROUP: Kind = { accepts: (value) => has(value, 'securityGroupId', 'string'), remedy: 'an ec2.ISecurityGroup' };

export const QUEUE: Kind = {
  accepts: (value) => has(value, 'queueArn', 'string'),
  remedy: 'an sqs.IQueue such as new sqs.Queue(this, \'NotStarted\', { enforceSSL: true })',
};

export const LAYER: Kind = {
  accepts: (value) => has(value, 'layerVersionArn', 'string'),
  remedy: 'a lambda.ILayerVersion such as lambda.LayerVersion.fromLayerVersionArn(this, \'Layer\', arn)',
};

export const ARCHITECTURE: Kind = {
  accepts: (value) => has(value, 'dockerPlatform', 'string'),
  remedy: 'lambda.Architecture.ARM_64 or lambda.Architecture.X86_64',
};

export const STORAGE_CLASS: Kind = {
  accepts: (value) => has(value, 'value', 'string'),
  remedy: 'an s3.StorageClass such as s3.StorageClass.INTELLIGENT_TIERING',
};

export const RETENTION: Kind = {
  accepts: (value) => typeof value === 'number' && logs.RetentionDays[value] !== undefined,
  remedy: 'a member of logs.RetentionDays, such as logs.RetentionDays.ONE_MONTH,',
  isChoice: true,
};

export const SWITCH: Kind = { accepts: (value) => typeof value === 'boolean', remedy: 'true or false' };

/** Accepts tokens, which are numbers too. Each property decides whether it allows them. */
export function wholeNumber(example: number, ofWhat = ''): Kind {
  return { accepts: (value) => typeof value === 'number', remedy: `a whole number${ofWhat} such as ${example}` };
}

/** Any number, for rates. */
export function anyNumber(example: number): Kind {
  return { accepts: (value) => typeof value === 'number', remedy: `a number such as ${example}` };
}

export function text(remedy: string): Kind {
  return { accepts: (value) => typeof value === 'string', remedy };
}

/** @param example such as "Duration.days(7)" */
export function duration(example: string): Kind {
  return { accepts: isDuration, remedy: `a Duration such as ${example}` };
}

/** @param example such as "Size.mebibytes(8)" */
export function size(example: string): Kind {
  return { accepts: isSize, remedy: `a Size such as ${example}` };
}

/** A member of an enum. */
export function memberOf(name: string, choices: { readonly [member: string]: string }): Kind {
  const members = Object.keys(choices).map((member) => `${name}.${member}`);
  return {
    accepts: (value) => Object.values<unknown>(choices).includes(value),
    remedy: [members.slice(0, -1).join(', '), members.at(-1)!].join(' or '),
    isChoice: true,
  };
}

/** An object whose properties have their own table. */
export function options(remedy: string): Kind {
  return { accepts: (value) => givenKindOf(value) === GivenKind.OBJECT, remedy };
}

export const SUBNETS: Kind = options('an object such as { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS }');

export function listOf(members: Kind, remedy: string): Kind {
  return { accepts: (value) => Array.isArray(value), remedy, members };
}

/** An object with arbitrary names. */
export function mapOf(members: Kind, remedy: string): Kind {
  return { ...options(remedy), members };
}

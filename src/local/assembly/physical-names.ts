import { createHash } from 'node:crypto';
import { LOG_GROUP_NAME_CHARACTERS } from '../../protocol/limits';
import { Resource } from './resource';

/** Resolves a value of the resource's template. */
export type Resolve = (value: unknown) => unknown;

/** How `Ref` and `Fn::GetAtt` work for one resource type. */
interface TypeRules {
  /** The property with the resource's name, if one is set. */
  readonly nameProperty: string;
  readonly longestName: number;
  /** The resource's part of its ARN, after the account. */
  readonly arn: (name: string) => string;
  readonly ref?: 'arn';
  readonly attributes?: Readonly<Record<string, (name: string, resource: Resource) => string>>;
}

const named: Readonly<Record<string, (name: string) => string>> = { Name: (name) => name };

const RULES: Readonly<Record<string, TypeRules>> = {
  'AWS::S3::Bucket': {
    nameProperty: 'BucketName',
    longestName: 63,
    arn: (name) => `arn:aws:s3:::${name}`,
    attributes: {
      DomainName: (name) => `${name}.s3.amazonaws.com`,
      RegionalDomainName: (name, { stack }) => `${name}.s3.${stack.region}.amazonaws.com`,
    },
  },
  'AWS::Lambda::Function': { nameProperty: 'FunctionName', longestName: 64, arn: (name) => `function:${name}` },
  'AWS::StepFunctions::StateMachine': {
    nameProperty: 'StateMachineName', longestName: 80, arn: (name) => `stateMachine:${name}`, ref: 'arn', attributes: named,
  },
  'AWS::Logs::LogGroup': { nameProperty: 'LogGroupName', longestName: LOG_GROUP_NAME_CHARACTERS, arn: (name) => `log-group:${name}:*` },
  'AWS::IAM::Role': { nameProperty: 'RoleName', longestName: 64, arn: (name) => `role/${name}` },
  'AWS::DynamoDB::Table': { nameProperty: 'TableName', longestName: 255, arn: (name) => `table/${name}` },
  'AWS::SecretsManager::Secret': { nameProperty: 'Name', longestName: 512, arn: (name) => `secret:${name}`, ref: 'arn' },
  'AWS::SNS::Topic': {
    nameProperty: 'TopicName', longestName: 256, arn: (name) => name, ref: 'arn', attributes: { TopicName: (name) => name },
  },
};

const OTHERS: TypeRules = { nameProperty: 'Name', longestName: 255, arn: (name) => name };

/** The resource's own name, or one like a deployment would generate. The same for the same assembly. */
export function physicalName(resource: Resource, resolve: Resolve): string {
  const { nameProperty, longestName } = rulesOf(resource);
  const chosen = resolve(resource.properties[nameProperty]);
  if (typeof chosen === 'string') return chosen;
  const name = `${resource.stack.name}-${resource.logicalId}`;
  return shorten(resource.type === 'AWS::S3::Bucket' ? name.toLowerCase().replace(/[^a-z0-9-]/g, '-') : name, longestName);
}

export function arnOf(resource: Resource, resolve: Resolve): string {
  const { account, region } = resource.stack;
  const arn = rulesOf(resource).arn(physicalName(resource, resolve));
  return arn.startsWith('arn:') ? arn : `arn:aws:${serviceOf(resource.type)}:${isGlobal(resource.type) ? '' : region}:${account}:${arn}`;
}

/** The value of `Ref`. */
export function refOf(resource: Resource, resolve: Resolve): string {
  if (resource.type === 'AWS::Lambda::Version') return `${qualifiedFunction(resource, resolve)}:1`;
  if (resource.type === 'AWS::Lambda::Alias') return `${qualifiedFunction(resource, resolve)}:${String(resolve(resource.properties.Name))}`;
  return rulesOf(resource).ref === 'arn' ? arnOf(resource, resolve) : physicalName(resource, resolve);
}

/** The value of `Fn::GetAtt`, or undefined if it is unknown. */
export function attributeOf(resource: Resource, attribute: string, resolve: Resolve): string | undefined {
  if (attribute === 'Arn') return arnOf(resource, resolve);
  return rulesOf(resource).attributes?.[attribute]?.(physicalName(resource, resolve), resource);
}

/** Versions and aliases refer to their function by name or ARN. */
function qualifiedFunction({ properties, stack }: Resource, resolve: Resolve): string {
  const name = String(resolve(properties.FunctionName));
  return name.startsWith('arn:') ? name : `arn:aws:lambda:${stack.region}:${stack.account}:function:${name}`;
}

function rulesOf({ type }: Resource): TypeRules {
  return RULES[type] ?? OTHERS;
}

function serviceOf(type: string): string {
  const service = type.split('::')[1]?.toLowerCase() ?? 'unknown';
  return service === 'stepfunctions' ? 'states' : service;
}

function isGlobal(type: string): boolean {
  return type.startsWith('AWS::IAM::');
}

/** A digest replaces what does not fit, so names stay distinct. */
function shorten(name: string, longest: number): string {
  if (name.length <= longest) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, longest - digest.length - 1)}-${digest}`;
}

import { MetadataEntry, StackArtifact } from './manifest';
import { Template } from './template';

/** A stack to run locally, or a stack nested in it. */
export interface Stack {
  /** Folder of the stack's templates. */
  readonly directory: string;
  /** Construct path. */
  readonly path: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly template: Template;
  readonly assets: ReadonlyMap<string, string>;
  /** Construct paths by logical id. */
  readonly paths: ReadonlyMap<string, string>;
  readonly metadata: readonly MetadataEntry[];
  /** For a nested stack: its parent stack, and its logical id there. */
  readonly parent?: { readonly stack: Stack; readonly logicalId: string };
}

/** Account and region of environment-agnostic stacks. */
export const DEFAULT_ENVIRONMENT = { account: '123456789012', region: 'us-east-1' };

export function stackOf(artifact: StackArtifact): Stack {
  return {
    directory: artifact.directory,
    path: artifact.path,
    name: artifact.stackName,
    account: artifact.account ?? DEFAULT_ENVIRONMENT.account,
    region: artifact.region ?? DEFAULT_ENVIRONMENT.region,
    template: artifact.template,
    assets: artifact.assets,
    paths: pathsByLogicalId(artifact.metadata, `/${artifact.path}`),
    metadata: artifact.metadata,
  };
}

/** A nested stack. Its metadata and assets are stored with those of the outermost stack. */
export function nestedStackOf(stack: Stack, logicalId: string, template: Template, templateFile: string): Stack {
  const root = stack.metadata.find(({ type, data }) => type === 'aws:cdk:templateFile' && data === templateFile)?.path;
  return {
    ...stack,
    path: root?.slice(1) ?? `${stack.path}/${logicalId}`,
    name: `${stack.name}-${logicalId}`,
    template,
    paths: root === undefined ? new Map() : pathsByLogicalId(stack.metadata, root),
    parent: { stack, logicalId },
  };
}

/** The paths of one stack only: a logical id is unique only within its own template. */
function pathsByLogicalId(metadata: readonly MetadataEntry[], root: string): Map<string, string> {
  const isBelow = (path: string, ancestor: string): boolean => path.startsWith(`${ancestor}/`);
  const nestedRoots = metadata
    .filter(({ type, path }) => type === 'aws:cdk:templateFile' && isBelow(path, root))
    .map(({ path }) => path);
  return new Map(metadata
    .filter(({ type, path }) => type === 'aws:cdk:logicalId' && isBelow(path, root))
    .filter(({ path }) => !nestedRoots.some((nested) => isBelow(path, nested)))
    .map(({ path, data }) => [String(data), path.slice(1)]));
}

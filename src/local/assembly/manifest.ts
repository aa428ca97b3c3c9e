import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AssemblyError } from './assembly-error';
import { Template } from './template';

/** A stack as the manifest of a cloud assembly describes it. */
export interface StackArtifact {
  /** Folder of the stack's assembly. */
  readonly directory: string;
  /** Construct path, such as `Prod/Imports`. */
  readonly path: string;
  readonly stackName: string;
  /** Undefined if the stack is not bound to an account. */
  readonly account?: string;
  /** Undefined if the stack is not bound to a region. */
  readonly region?: string;
  readonly template: Template;
  /** Absolute path of each asset's file or folder, by its object key in a deployment. */
  readonly assets: ReadonlyMap<string, string>;
  /** Metadata of construct paths, in the order of the file. */
  readonly metadata: readonly MetadataEntry[];
}

export interface MetadataEntry {
  /** Construct path with a leading slash. */
  readonly path: string;
  readonly type: string;
  readonly data: unknown;
}

interface Manifest {
  readonly artifacts?: Readonly<Record<string, Artifact>>;
}

interface Artifact {
  readonly type: string;
  readonly environment?: string;
  readonly displayName?: string;
  readonly dependencies?: readonly string[];
  readonly metadata?: MetadataFile;
  readonly additionalMetadataFile?: string;
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly directoryName?: string;
    readonly file?: string;
  };
}

type MetadataFile = Readonly<Record<string, readonly { readonly type: string; readonly data?: unknown }[]>>;

interface AssetManifest {
  readonly files?: Readonly<Record<string, {
    readonly source: { readonly path?: string };
    readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>;
  }>>;
}

/**
 * Reads the stacks of a cloud assembly, including those of its stages.
 *
 * @param directory the folder that `cdk synth` or `app.synth()` wrote, usually `cdk.out`
 * @throws AssemblyError if it contains no cloud assembly
 */
export function readManifest(directory: string): StackArtifact[] {
  const artifacts = Object.entries(readJson<Manifest>(directory, 'manifest.json').artifacts ?? {});
  const stacks = artifacts
    .filter(([, { type }]) => type === 'aws:cloudformation:stack')
    .map(([id, artifact]) => readStack(directory, id, artifact, Object.fromEntries(artifacts)));
  const stages = artifacts
    .filter(([, { type }]) => type === 'cdk:cloud-assembly')
    .flatMap(([, { properties }]) => readManifest(join(directory, properties!.directoryName!)));
  return [...stacks, ...stages];
}

export function readTemplate(directory: string, file: string): Template {
  return readJson<Template>(directory, file);
}

function readStack(directory: string, id: string, artifact: Artifact, artifacts: Readonly<Record<string, Artifact>>): StackArtifact {
  const [, account, region] = /^aws:\/\/([^/]+)\/(.+)$/.exec(artifact.environment ?? '') ?? [];
  const assetFiles = (artifact.dependencies ?? [])
    .map((dependency) => artifacts[dependency])
    .filter((dependency) => dependency?.type === 'cdk:asset-manifest')
    .map((dependency) => dependency!.properties!.file!);
  return {
    directory,
    path: artifact.displayName ?? id,
    stackName: artifact.properties?.stackName ?? id,
    account: account === 'unknown-account' ? undefined : account,
    region: region === 'unknown-region' ? undefined : region,
    template: readTemplate(directory, artifact.properties!.templateFile!),
    assets: new Map(assetFiles.flatMap((file) => readAssets(directory, file))),
    metadata: readMetadata(directory, artifact),
  };
}

function readAssets(directory: string, file: string): [string, string][] {
  const { files = {} } = readJson<AssetManifest>(directory, file);
  return Object.values(files).flatMap(({ source, destinations }) =>
    source.path === undefined
      ? []
      : Object.values(destinations).map(({ objectKey }): [string, string] => [objectKey, resolve(directory, source.path!)]));
}

/** Newer CDK versions write the metadata to a separate file. */
function readMetadata(directory: string, { metadata = {}, additionalMetadataFile }: Artifact): MetadataEntry[] {
  const files = additionalMetadataFile ? [metadata, readJson<MetadataFile>(directory, additionalMetadataFile)] : [metadata];
  return files.flatMap((file) => Object.entries(file))
    .flatMap(([path, entries]) => entries.map(({ type, data }) => ({ path, type, data })));
}

function readJson<T>(directory: string, file: string): T {
  const path = join(directory, file);
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch (error) {
    throw new AssemblyError(
      `${path} cannot be read as a part of a cloud assembly. Pass the folder that "cdk synth" writes, usually cdk.out, or what app.synth() returns.`,
      { cause: error },
    );
  }
}

import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IntegrityCheck, OnEmpty } from '../../protocol/choices';
import { EnvironmentVariable } from '../../protocol/environment';
import { InitializeRequest } from '../../protocol/machine-state';
import { Layout, OutputSettings } from '../../protocol/output-settings';
import { allowKeys } from '../base/bucket-access';
import { isCovered, literalFolder, patternOf } from './destination-key';

/** What a bound destination is made of. */
export interface BoundDestinationProps {
  readonly bucket: s3.IBucket;
  /** Key of the object, or prefix of the objects with a slash at its end; with placeholders. */
  readonly key: string;
  /** Key of the manifest; with placeholders. */
  readonly manifestKey: string;
  readonly output: OutputSettings;
  readonly onEmpty: OnEmpty;
  readonly integrityCheck: IntegrityCheck;
  readonly encryptionKey?: kms.IKey;
}

/** The destination of one import: what the definition says of it, and what Persist needs for it. */
export class BoundDestination {
  public readonly bucket: s3.IBucket;

  /** What is published, and how. */
  public readonly output: OutputSettings;

  constructor(private readonly props: BoundDestinationProps) {
    this.bucket = props.bucket;
    this.output = props.output;
  }

  /** All that is published to, with placeholders. */
  public get keys(): string[] {
    return [this.props.key, this.props.manifestKey, ...this.latestKeys];
  }

  /** The folder in which the objects of all imports lie, with a slash at its end; `undefined` for one object, and for the bucket itself. */
  public get folder(): string | undefined {
    return this.output.layout === Layout.PARTS && literalFolder(this.props.key) || undefined;
  }

  /** Where and what is published: handed to Initialize by the state machine's definition. */
  public get settings(): Pick<InitializeRequest, 'destination' | 'output'> {
    const { bucket, key, manifestKey } = this.props;
    return { destination: { bucket: bucket.bucketName, key, manifestKey }, output: this.output };
  }

  /** Persist looks whose object is there, assembles or copies the new ones, and publishes them, their manifest and the pointer to them. */
  public equipPersist(fn: lambda.Function): void {
    const { key, onEmpty, integrityCheck, encryptionKey } = this.props;
    const { layout, tags } = this.output;
    fn.addEnvironment(EnvironmentVariable.ON_EMPTY, onEmpty);
    fn.addEnvironment(EnvironmentVariable.INTEGRITY_CHECK, integrityCheck);
    const object = patternOf(key);
    const files = [...this.manifestPatterns(object), ...this.latestKeys];
    const all = [object, ...files];
    allowKeys(fn, this.bucket, encryptionKey, {
      read: all,
      ...layout === Layout.PARTS ? { write: all } : { upload: [object], write: files },
      tag: tags.length > 0 ? all : [],
      list: all,
    });
  }

  /** None where the object's pattern has the manifest too: the fewer statements, the more imports fit into a policy. */
  private manifestPatterns(object: string): string[] {
    const manifest = patternOf(this.props.manifestKey);
    return isCovered(manifest, object) ? [] : [manifest];
  }

  private get latestKeys(): string[] {
    return this.output.latestKey === undefined ? [] : [this.output.latestKey];
  }
}

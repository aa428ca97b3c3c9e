import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IntegrityCheck, OnEmpty } from '../../protocol/choices';
import { EnvironmentVariable } from '../../protocol/environment';
import { DestinationSettings } from '../../protocol/machine-state';
import { Layout, OutputSettings } from '../../protocol/output-settings';
import { allowKeys } from '../base/bucket-access';
import { BucketRequestOptions, equipRequests } from '../base/bucket-request-options';
import { isCovered, literalFolder, patternOf } from './destination-key';

export interface BoundDestinationProps {
  readonly bucket: s3.IBucket;
  /** Key of the object, or prefix of the objects with a trailing slash; with placeholders. */
  readonly key: string;
  /** Key of the manifest; with placeholders. */
  readonly manifestKey: string;
  readonly output: OutputSettings;
  readonly onEmpty: OnEmpty;
  readonly integrityCheck: IntegrityCheck;
  readonly encryptionKey?: kms.IKey;
  readonly requests?: BucketRequestOptions;
}

/** The destination of one import: its part of the definition, and what Persist needs for it. */
export class BoundDestination {
  public readonly bucket: s3.IBucket;

  public readonly output: OutputSettings;

  constructor(private readonly props: BoundDestinationProps) {
    this.bucket = props.bucket;
    this.output = props.output;
  }

  /** All keys that are written, with placeholders. */
  public get keys(): string[] {
    return [this.props.key, this.props.manifestKey, ...this.latestKeys];
  }

  /**
   * The folder that contains the objects of all imports, with a trailing slash; `undefined` for a single object and for the bucket's root.
   */
  public get folder(): string | undefined {
    return this.output.layout === Layout.PARTS && literalFolder(this.props.key) || undefined;
  }

  /** Where and what to publish. The state machine's definition passes it to Initialize. */
  public get settings(): DestinationSettings {
    const { bucket, key, manifestKey } = this.props;
    return { destination: { bucket: bucket.bucketName, key, manifestKey }, output: this.output };
  }

  /** Initialize finds out whether the bucket can be written to. It may not: its write names an ETag that no object has. */
  public equipInitialize(fn: lambda.Function): void {
    const object = patternOf(this.props.key);
    this.equipRequests(fn);
    allowKeys(fn, this.bucket, this.props.encryptionKey, { read: [object], replace: [object], list: [object] });
  }

  /**
   * Persist checks the existing object's owner, assembles or copies the new objects, and publishes them, their manifest and the pointer.
   */
  public equipPersist(fn: lambda.Function): void {
    const { key, onEmpty, integrityCheck, encryptionKey } = this.props;
    const { layout, tags } = this.output;
    this.equipRequests(fn);
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

  private equipRequests(fn: lambda.Function): void {
    equipRequests(fn, EnvironmentVariable.DESTINATION_REQUESTS, this.props.requests, this.props.encryptionKey);
  }

  /** Empty if the object's pattern covers the manifest. With fewer statements, more imports fit into a policy. */
  private manifestPatterns(object: string): string[] {
    const manifest = patternOf(this.props.manifestKey);
    return isCovered(manifest, object) ? [] : [manifest];
  }

  private get latestKeys(): string[] {
    return this.output.latestKey === undefined ? [] : [this.output.latestKey];
  }
}

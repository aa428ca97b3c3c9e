import { Duration, RemovalPolicy, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { Compression } from '../../protocol/choices';
import { CACHE_ABORT_UPLOADS_DAYS, CACHE_LIFECYCLE_MARGIN_DAYS } from '../../protocol/defaults';
import { EnvironmentVariable } from '../../protocol/environment';
import { ImportKeys, normalizePrefix } from '../../protocol/keys';
import { OBJECT_KEY_BYTES } from '../../protocol/limits';
import { fileExtension, FormatName } from '../../protocol/output-settings';
import { acknowledge, acknowledgeWildcards } from '../base/acknowledgements';
import { Brand, mark } from '../base/brand';
import { allowKeys, isSameBucket, KeyAccess, resourceOf } from '../base/bucket-access';
import { checkKind, checkOptions, slipsIn } from '../base/check-options';
import { BUCKET, Kinds, KMS_KEY, options as optionsKind, required, text } from '../base/kinds';
import { refuseAddress } from '../base/s3-address';
import { refusal } from '../base/validation';
import { encryptionKeyOf, warn, WarningId, warnOfSlips } from '../base/warnings';
import { checkLifecycle } from './cache-lifecycle';

/** Options of a chunk cache in your own bucket. */
export interface ChunkCacheOptions {
  /**
   * Key prefix of the cache in the bucket, with or without a trailing slash. Permissions are limited to it, so give each import its own
   * prefix.
   *
   * @default - none: the whole bucket
   */
  readonly prefix?: string;

  /**
   * KMS key that encrypts the bucket. Only needed for imported buckets, whose key CDK cannot know.
   *
   * @default - the bucket's own key, if it has one
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * Where an import stores its chunks until they are published, and its commit log for as long as the import can be resumed.
 *
 * By default, `PaginatedImport` creates a bucket: private, encrypted with S3's keys, TLS only, without versions, and emptied by a lifecycle
 * rule. The bucket is retained when the stack is deleted, so that no running import is lost.
 */
export abstract class ChunkCache {
  /**
   * A cache in your own bucket.
   *
   * Nothing may delete objects under the prefix before an import reaches its maximum age: twice its `timeout` plus 14 days. If the bucket
   * is created in the same app, synth refuses a lifecycle rule that would do so. For an imported bucket, a warning asks you to check. Add a
   * lifecycle rule that aborts incomplete multipart uploads: to publish very many chunks, some are joined here first.
   */
  public static fromBucket(bucket: s3.IBucket, options: ChunkCacheOptions = {}): ChunkCache {
    checkKind(WHERE, 'bucket', bucket, required(BUCKET));
    checkKind(WHERE, 'options', options, OPTIONS);
    checkOptions(WHERE, options, OPTION_KINDS);
    return new GivenChunkCache(bucket, options);
  }

  /**
   * A bucket of its own for each import.
   *
   * @internal
   */
  public static _own(): ChunkCache {
    return new OwnChunkCache();
  }

  /**
   * The cache of one import.
   *
   * @param maximumAgeSeconds how long the cache must keep what the import writes
   * @internal
   */
  public abstract _bind(scope: Construct, maximumAgeSeconds: number): BoundChunkCache;
}

mark(ChunkCache, Brand.CHUNK_CACHE);

const WHERE = 'ChunkCache.fromBucket';
const EXAMPLE_PREFIX = 'import-cache';
const OPTIONS = optionsKind(`{ prefix: '${EXAMPLE_PREFIX}' }`);
const OPTION_KINDS: Kinds<ChunkCacheOptions> = { prefix: text(`'${EXAMPLE_PREFIX}'`), encryptionKey: KMS_KEY };

/** The cache of one import, with one method per step that gives the step's function its environment and its permissions. */
export class BoundChunkCache {
  /** The grammar of the keys, with a wildcard for the id that is drawn when an import starts. */
  private readonly keys: ImportKeys;

  constructor(public readonly bucket: s3.IBucket, public readonly prefix: string, private readonly encryptionKey?: kms.IKey) {
    this.keys = new ImportKeys(prefix, '*');
  }

  /** Initialize writes the import file; to resume, it reads it again, looks for an end, and finds the end of the log. */
  public equipInitialize(fn: lambda.Function): void {
    const { import: importFile, published, commits } = this.keys;
    this.equip(fn, { read: [importFile, published, `${commits}*`], write: [importFile] });
  }

  /** Fetch reads the log and appends to it. */
  public equipFetch(fn: lambda.Function): void {
    const { import: importFile, commits, data } = this.keys;
    this.equip(fn, { read: [importFile, `${commits}*`], write: [`${data}*`, `${commits}*`] });
  }

  /** Summarize reads the log and the heads of chunks, and writes what it finds. */
  public equipSummarize(fn: lambda.Function): void {
    const { import: importFile, commits, data } = this.keys;
    this.equip(fn, { read: [importFile, `${commits}*`, `${data}*`], write: [this.keys.summary('*')] });
  }

  /** Persist reads everything, joins chunks into folds where it must, and notes its uploads and the end. */
  public equipPersist(fn: lambda.Function): void {
    const { import: importFile, published, commits, data, folds, uploads } = this.keys;
    this.equip(fn, {
      read: [importFile, published, `${commits}*`, `${data}*`, `${folds}*`, `${uploads}*`],
      write: [`${uploads}*`, published],
      upload: [`${folds}*`],
    });
  }

  /** CleanUp deletes chunks and folds, and nothing else: a late attempt learns from the other files that it is late. */
  public equipCleanUp(fn: lambda.Function): void {
    const { published, data, folds } = this.keys;
    this.equip(fn, { read: [published], delete: [`${data}*`, `${folds}*`] });
  }

  /** Lets somebody read what Summarize writes. */
  public grantReadSummary(grantee: iam.IGrantable): iam.Grant {
    const resourceArns = [this.bucket.arnForObjects(this.keys.summary('*'))];
    const grant = iam.Grant.addToPrincipalOrResource({ grantee, actions: ['s3:GetObject'], resourceArns, resource: this.bucket });
    const { grantPrincipal } = grantee;
    if (Construct.isConstruct(grantPrincipal)) {
      acknowledgeWildcards(grantPrincipal, () => resourceArns, 'The import\'s id and the summary\'s uuid are drawn when it runs.');
    }
    return this.encryptionKey === undefined ? grant : grant.combine(this.encryptionKey.grantDecrypt(grantee));
  }

  /** Whether a key lies in the cache, as far as is known at synth. */
  public holds(bucket: s3.IBucket, key: string): boolean {
    return isSameBucket(bucket, this.bucket) && key.startsWith(this.prefix === '' ? '' : `${this.prefix}/`);
  }

  /** Whether the cache lies in a folder, as far as is known at synth. */
  public liesIn(bucket: s3.IBucket, folder: string): boolean {
    return isSameBucket(bucket, this.bucket) && `${this.prefix}/`.startsWith(folder);
  }

  /** Whether two imports keep their files in one place, as far as is known at synth. */
  public isSameAs(other: BoundChunkCache): boolean {
    return this.prefix === other.prefix && isSameBucket(this.bucket, other.bucket);
  }

  /** What is the cache, for messages. */
  public get extent(): string {
    return this.prefix === '' ? 'all of the same bucket' : `all below '${this.prefix}/' in the same bucket`;
  }

  private equip(fn: lambda.Function, access: Omit<KeyAccess, 'list'>): void {
    fn.addEnvironment(EnvironmentVariable.CACHE_BUCKET, this.bucket.bucketName);
    if (this.prefix !== '') fn.addEnvironment(EnvironmentVariable.CACHE_PREFIX, this.prefix);
    allowKeys(fn, this.bucket, this.encryptionKey, { ...access, list: [this.prefix === '' ? '*' : `${this.prefix}/*`] });
  }
}

class OwnChunkCache extends ChunkCache {
  public _bind(scope: Construct, maximumAgeSeconds: number): BoundChunkCache {
    const bucket = new s3.Bucket(scope, 'ChunkCache', {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      encryption: s3.BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      versioned: false,
      lifecycleRules: [{
        id: 'ExpireImports',
        expiration: Duration.days(Math.ceil(maximumAgeSeconds / Duration.days(1).toSeconds()) + CACHE_LIFECYCLE_MARGIN_DAYS),
        abortIncompleteMultipartUploadAfter: Duration.days(CACHE_ABORT_UPLOADS_DAYS),
      }],
      // But not when its first deployment fails: an empty bucket is of no use to anybody.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    acknowledge(bucket, 'AwsSolutions-S1', 'A cache that only the import\'s own functions use; log its access by giving a bucket of your own.');
    return new BoundChunkCache(bucket, '');
  }
}

class GivenChunkCache extends ChunkCache {
  private readonly prefix: string;

  constructor(private readonly bucket: s3.IBucket, private readonly options: ChunkCacheOptions) {
    super();
    this.prefix = checkedPrefix(options.prefix ?? '');
  }

  public _bind(scope: Construct, maximumAgeSeconds: number): BoundChunkCache {
    warnOfSlips(scope, slipsIn(WHERE, this.options, OPTION_KINDS));
    this.watchLifecycle(scope, maximumAgeSeconds);
    const encryptionKey = encryptionKeyOf(scope, this.bucket, this.options.encryptionKey, {
      id: WarningId.CACHE_ENCRYPTION_KEY,
      what: 'The bucket of the chunk cache',
      remedy: 'ChunkCache.fromBucket(bucket, { encryptionKey })',
    });
    return new BoundChunkCache(this.bucket, this.prefix, encryptionKey);
  }

  /** Rules may be added to a bucket after this: they are looked at when the app is synthesized. */
  private watchLifecycle(scope: Construct, maximumAgeSeconds: number): void {
    const resource = resourceOf(this.bucket);
    if (resource !== undefined) {
      scope.node.addValidation({ validate: () => checkLifecycle(resource, this.prefix, maximumAgeSeconds) });
      return;
    }
    const days = Math.ceil(maximumAgeSeconds / Duration.days(1).toSeconds());
    warn(scope, WarningId.CACHE_LIFECYCLE, 'The bucket of the chunk cache is imported, and CDK cannot know its lifecycle rules. None may expire or archive '
      + `objects ${this.prefix === '' ? 'in it' : `below ${this.prefix}/`} before ${days} days, the maximum age of an import.`);
  }
}

/** The prefix without slashes at its ends. Wildcards would widen the permissions to other prefixes. */
function checkedPrefix(given: string): string {
  const refuse = (problem: string, remedy: string): Error => refusal(WHERE, 'prefix', problem, remedy);
  refuseAddress(WHERE, 'prefix', given, EXAMPLE_PREFIX);
  const prefix = normalizePrefix(given);
  if (Token.isUnresolved(prefix)) return prefix;
  if (/[*?{}]/.test(prefix)) throw refuse(`'${given}' holds a wildcard or a brace`, 'a literal prefix, such as \'imports/orders\',');
  if (prefix.includes('//')) throw refuse(`'${given}' has an empty part`, `'${prefix.replace(/\/{2,}/g, '/')}'`);
  const longest = new TextEncoder().encode(longestKey(prefix)).length;
  if (longest > OBJECT_KEY_BYTES) {
    throw refuse(`makes keys of ${longest} bytes, more than S3's ${OBJECT_KEY_BYTES}`, `a prefix that is ${longest - OBJECT_KEY_BYTES} bytes shorter`);
  }
  return prefix;
}

const LONGEST_EXTENSION = fileExtension({ format: { name: FormatName.JSON_LINES }, compression: Compression.GZIP });

function longestKey(prefix: string): string {
  const uuid = '00000000-0000-0000-0000-000000000000';
  return new ImportKeys(prefix, uuid).chunk(99_999_999, uuid, LONGEST_EXTENSION);
}

import { AspectPriority, Duration, RemovalPolicy, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { Compression } from '../../protocol/choices';
import { CACHE_ABORT_UPLOADS_DAYS, CACHE_LIFECYCLE_MARGIN_DAYS } from '../../protocol/defaults';
import { EnvironmentVariable } from '../../protocol/environment';
import { ImportKeys, normalizePrefix, seriesPrefix } from '../../protocol/keys';
import { OBJECT_KEY_BYTES } from '../../protocol/limits';
import { fileExtension, FormatName } from '../../protocol/output-settings';
import { Series } from '../../protocol/series';
import { acknowledgeWildcards } from '../base/acknowledgements';
import { Brand, mark } from '../base/brand';
import { allowKeys, isSameBucket, KeyAccess, ownAccountOf, resourceOf } from '../base/bucket-access';
import { refuseOtherRegion } from '../base/bucket-region';
import { BucketRequestOptions, checkRequests, equipRequests } from '../base/bucket-request-options';
import { checkKind, checkOptions, slipsIn } from '../base/check-options';
import { whenComplete } from '../base/complete-app';
import { refuseDirectoryBucket } from '../base/directory-bucket';
import { grantDecryptThroughS3 } from '../base/key-access';
import { BUCKET, Kinds, KMS_KEY, options as optionsKind, required, SWITCH, text } from '../base/kinds';
import { refuseAddress } from '../base/s3-address';
import { SeriesIdentity } from '../base/series';
import { refusal } from '../base/validation';
import { encryptionKeyOf, warn, WarningId, warnOfSlips } from '../base/warnings';
import { checkLifecycle, keepsDeleted } from './cache-lifecycle';
import { acknowledgeCacheRules } from './cache-rules';

/** Options of a chunk cache in your own bucket. */
export interface ChunkCacheOptions {
  /**
   * Key prefix of the cache in the bucket, with or without a trailing slash. Several imports may share it: below it, each has a folder
   * with the name of its series, where its permissions end.
   *
   * @default - none. Only for a bucket that you declare to be `dedicated`
   */
  readonly prefix?: string;

  /**
   * Whether only imports use the bucket, so that the cache needs no prefix. Without one, an import could write and delete other objects of
   * the bucket whose keys begin with the name of its series.
   *
   * @default false
   */
  readonly dedicated?: boolean;

  /**
   * KMS key that encrypts the bucket. Only needed for imported buckets, whose key CDK cannot know.
   *
   * @default - the bucket's own key, if it has one
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Headers that requests to the bucket must have, for a bucket whose owner demands them.
   *
   * @default - none
   */
  readonly requests?: BucketRequestOptions;
}

/** Options of a chunk cache that the import creates. */
export interface OwnChunkCacheOptions {
  /**
   * KMS key that encrypts the bucket, with an S3 bucket key. Anyone who may read the bucket and use the key can read the commit log, which
   * has the page tokens, and `import.json`, which has the input.
   *
   * @default - the import's `encryptionKey`; without one, S3's own keys
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * Where an import stores its chunks until they are published, and its commit log for as long as the import can be resumed.
 *
 * By default, `PaginatedImport` creates a bucket: private, encrypted, TLS only, without versions, and emptied by a lifecycle
 * rule. The bucket is retained when the stack is deleted, so that no running import is lost.
 */
export abstract class ChunkCache {
  /**
   * A cache in your own bucket.
   *
   * It needs no versions. If the bucket is versioned, a lifecycle rule must expire noncurrent versions, or deleted chunks stay in it.
   *
   * Nothing may delete objects under the prefix before an import reaches its maximum age: twice its `timeout` plus 14 days. If the bucket
   * is created in the same app, synth refuses a lifecycle rule that would do so. For an imported bucket, a warning asks you to check. Add a
   * lifecycle rule that aborts incomplete multipart uploads: to publish very many chunks, some are joined here first.
   */
  public static fromBucket(bucket: s3.IBucket, options: ChunkCacheOptions): ChunkCache {
    checkKind(WHERE, 'bucket', bucket, required(BUCKET));
    refuseDirectoryBucket(WHERE, bucket);
    checkKind(WHERE, 'options', options, OPTIONS);
    checkOptions(WHERE, options, OPTION_KINDS);
    checkDedicated(options);
    return new GivenChunkCache(bucket, options);
  }

  /** A bucket that the import creates, as by default. */
  public static own(options: OwnChunkCacheOptions = {}): ChunkCache {
    checkKind(OWN, 'options', options, OWN_OPTIONS);
    checkOptions(OWN, options, OWN_OPTION_KINDS);
    return new OwnChunkCache(options);
  }

  /**
   * The cache of one series of imports.
   *
   * @param maximumAgeSeconds how long the cache must keep what the import writes
   * @param encryptionKey the import's key for what it creates
   * @internal
   */
  public abstract _bind(
    scope: Construct, series: SeriesIdentity, maximumAgeSeconds: number, encryptionKey?: kms.IKey,
  ): BoundChunkCache;
}

mark(ChunkCache, Brand.CHUNK_CACHE);

const WHERE = 'ChunkCache.fromBucket';
const EXAMPLE_PREFIX = 'import-cache';
const OPTIONS = required(optionsKind(`{ prefix: '${EXAMPLE_PREFIX}' }`));
const OPTION_KINDS: Kinds<ChunkCacheOptions> = {
  prefix: text(`'${EXAMPLE_PREFIX}'`), dedicated: SWITCH, encryptionKey: KMS_KEY, requests: optionsKind('{ requesterPays: true }'),
};

const OWN = 'ChunkCache.own';
const OWN_OPTIONS = optionsKind('{ encryptionKey }');
const OWN_OPTION_KINDS: Kinds<OwnChunkCacheOptions> = { encryptionKey: KMS_KEY };

/** The cache of one series of imports, with one method per step that gives the step's function its environment and its permissions. */
export class BoundChunkCache {
  /** The key grammar, with a wildcard for the import's id. */
  private readonly keys: ImportKeys;

  constructor(
    public readonly bucket: s3.IBucket,
    public readonly series: Series,
    private readonly encryptionKey?: kms.IKey,
    private readonly requests?: BucketRequestOptions,
  ) {
    this.keys = new ImportKeys(series, '*');
  }

  /** Initialize writes the import file. To resume, it reads that file, the published marker and the commit log. */
  public equipInitialize(fn: lambda.Function): void {
    const { import: importFile, published, commits } = this.keys;
    this.equip(fn, { read: [importFile, published, `${commits}*`], create: [importFile] });
  }

  /** Fetch reads the log and appends to it. */
  public equipFetch(fn: lambda.Function): void {
    const { import: importFile, commits, data } = this.keys;
    this.equip(fn, { read: [importFile, `${commits}*`], write: [`${data}*`], create: [`${commits}*`] });
  }

  /** Summarize reads the log and the beginnings of chunks, and writes the summary. */
  public equipSummarize(fn: lambda.Function): void {
    const { import: importFile, commits, data } = this.keys;
    this.equip(fn, { read: [importFile, `${commits}*`, `${data}*`], write: [this.keys.summary('*')] });
  }

  /** Persist reads everything, joins chunks into folds if it must, and records its uploads and the end of the import. */
  public equipPersist(fn: lambda.Function): void {
    const { import: importFile, published, commits, data, folds, uploads } = this.keys;
    this.equip(fn, {
      read: [importFile, published, `${commits}*`, `${data}*`, `${folds}*`, `${uploads}*`],
      create: [`${uploads}*`, published],
      upload: [`${folds}*`],
    });
  }

  /** CleanUp deletes only chunks and folds. A late attempt needs the other files to see that it is late. */
  public equipCleanUp(fn: lambda.Function): void {
    const { published, data, folds } = this.keys;
    this.equip(fn, { read: [published], delete: [`${data}*`, `${folds}*`] });
  }

  /**
   * Has the bucket's policy refuse to replace what is written once, whoever asks. The functions' own policies only allow them what they
   * need; a policy that somebody adds to their roles may allow more.
   */
  public refuseReplacing(bucket: s3.Bucket): void {
    const { import: importFile, published, commits, uploads } = this.keys;
    bucket.addToResourcePolicy(new iam.PolicyStatement({
      sid: 'WrittenOnce',
      effect: iam.Effect.DENY,
      principals: [new iam.AnyPrincipal()],
      actions: ['s3:PutObject'],
      resources: [importFile, published, `${commits}*`, `${uploads}*`].map((keys) => bucket.arnForObjects(keys)),
      conditions: { Null: { 's3:if-none-match': 'true' } },
    }));
  }

  /** Grants read access to the summary. */
  public grantReadSummary(grantee: iam.IGrantable): iam.Grant {
    const resourceArns = [this.bucket.arnForObjects(this.keys.summary('*'))];
    const grant = iam.Grant.addToPrincipalOrResource({
      grantee, actions: ['s3:GetObject'], resourceArns, resource: this.bucket, conditions: ownAccountOf(this.bucket),
    });
    const { grantPrincipal } = grantee;
    if (Construct.isConstruct(grantPrincipal)) {
      acknowledgeWildcards(grantPrincipal, () => resourceArns, 'The import\'s id and the summary\'s uuid are generated at run time.');
    }
    return this.encryptionKey === undefined ? grant : grant.combine(grantDecryptThroughS3(grantee, this.bucket, this.encryptionKey));
  }

  /** Whether a key is in the cache, as far as synth can tell. */
  public holds(bucket: s3.IBucket, key: string): boolean {
    return isSameBucket(bucket, this.bucket) && key.startsWith(this.prefix === '' ? '' : `${this.prefix}/`);
  }

  /** Whether the cache is in a folder, as far as synth can tell. */
  public liesIn(bucket: s3.IBucket, folder: string): boolean {
    return isSameBucket(bucket, this.bucket) && `${this.prefix}/`.startsWith(folder);
  }

  /** Whether two constructs would write to the same keys, as far as synth can tell. */
  public hasSameSeriesAs(other: BoundChunkCache): boolean {
    return seriesPrefix(this.series) === seriesPrefix(other.series) && isSameBucket(this.bucket, other.bucket);
  }

  /** The cache's location, for messages. */
  public get extent(): string {
    return this.prefix === '' ? 'all of the same bucket' : `all below '${this.prefix}/' in the same bucket`;
  }

  private get prefix(): string {
    return this.series.cachePrefix;
  }

  private equip(fn: lambda.Function, access: Omit<KeyAccess, 'list'>): void {
    const { cachePrefix, name, owner } = this.series;
    fn.addEnvironment(EnvironmentVariable.CACHE_BUCKET, this.bucket.bucketName);
    if (cachePrefix !== '') fn.addEnvironment(EnvironmentVariable.CACHE_PREFIX, cachePrefix);
    fn.addEnvironment(EnvironmentVariable.SERIES, name);
    fn.addEnvironment(EnvironmentVariable.OWNER, owner);
    equipRequests(fn, EnvironmentVariable.CACHE_REQUESTS, this.requests, this.encryptionKey);
    allowKeys(fn, this.bucket, this.encryptionKey, { ...access, list: [`${seriesPrefix(this.series)}*`] });
  }
}

class OwnChunkCache extends ChunkCache {
  constructor(private readonly options: OwnChunkCacheOptions) {
    super();
  }

  public _bind(scope: Construct, series: SeriesIdentity, maximumAgeSeconds: number, ofImport?: kms.IKey): BoundChunkCache {
    warnOfSlips(scope, slipsIn(OWN, this.options, OWN_OPTION_KINDS));
    const { encryptionKey = ofImport } = this.options;
    const bucket = new s3.Bucket(scope, 'ChunkCache', {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      ...encryptionKey === undefined
        ? { encryption: s3.BucketEncryption.S3_MANAGED }
        : { encryption: s3.BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true },
      enforceSSL: true,
      versioned: false,
      lifecycleRules: [{
        id: 'ExpireImports',
        expiration: Duration.days(Math.ceil(maximumAgeSeconds / Duration.days(1).toSeconds()) + CACHE_LIFECYCLE_MARGIN_DAYS),
        abortIncompleteMultipartUploadAfter: Duration.days(CACHE_ABORT_UPLOADS_DAYS),
      }],
      // Deleted only if its first deployment fails: then it is empty.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    acknowledgeCacheRules(bucket);
    const cache = new BoundChunkCache(bucket, { cachePrefix: '', ...series }, encryptionKey);
    cache.refuseReplacing(bucket);
    return cache;
  }
}

class GivenChunkCache extends ChunkCache {
  private readonly prefix: string;

  constructor(private readonly bucket: s3.IBucket, private readonly options: ChunkCacheOptions) {
    super();
    this.prefix = checkedPrefix(options.prefix ?? '');
  }

  public _bind(scope: Construct, identity: SeriesIdentity, maximumAgeSeconds: number): BoundChunkCache {
    const series = { cachePrefix: this.prefix, ...identity };
    checkLength(series);
    refuseOtherRegion(scope, WHERE, this.bucket);
    const { requests } = this.options;
    warnOfSlips(scope, [...slipsIn(WHERE, this.options, OPTION_KINDS), ...checkRequests(WHERE, requests, this.options.encryptionKey)]);
    this.watchLifecycle(scope, maximumAgeSeconds);
    const encryptionKey = encryptionKeyOf(scope, this.bucket, this.options.encryptionKey, {
      id: WarningId.CACHE_ENCRYPTION_KEY,
      what: 'The bucket of the chunk cache',
      remedy: 'ChunkCache.fromBucket(bucket, { ..., encryptionKey })',
    });
    return new BoundChunkCache(this.bucket, series, encryptionKey, requests);
  }

  /** Checked at synth, since rules may be added to the bucket later. */
  private watchLifecycle(scope: Construct, maximumAgeSeconds: number): void {
    const resource = resourceOf(this.bucket);
    if (resource !== undefined) {
      scope.node.addValidation({ validate: () => checkLifecycle(resource, this.prefix, maximumAgeSeconds) });
      whenComplete(scope, AspectPriority.READONLY, () => {
        if (keepsDeleted(resource, this.prefix)) this.warnOfVersions(scope);
      });
      return;
    }
    const days = Math.ceil(maximumAgeSeconds / Duration.days(1).toSeconds());
    warn(scope, WarningId.CACHE_LIFECYCLE, 'The bucket of the chunk cache is imported, and CDK cannot know its lifecycle rules. None may expire or archive '
      + `objects ${this.place} before ${days} days, the maximum age of an import. If it is versioned, one must expire noncurrent versions.`);
  }

  private warnOfVersions(scope: Construct): void {
    warn(scope, WarningId.CACHE_VERSIONS, `The bucket of the chunk cache is versioned, and no lifecycle rule expires the noncurrent versions ${this.place}: deleted `
      + 'chunks would stay, with all records, and cost as much as before. Give the bucket a rule with noncurrentVersionExpiration: Duration.days(1) and without '
      + 'noncurrentVersionsToRetain, or give the cache a bucket without versions.');
  }

  private get place(): string {
    return this.prefix === '' ? 'in it' : `below ${this.prefix}/`;
  }
}

/** Without a prefix, nothing but the name of the series keeps an import apart from other objects of the bucket. */
function checkDedicated({ prefix = '', dedicated = false }: ChunkCacheOptions): void {
  if (dedicated || Token.isUnresolved(prefix) || normalizePrefix(prefix) !== '') return;
  throw refusal(WHERE, 'prefix', 'is missing, and the bucket may have other objects',
    `{ prefix: '${EXAMPLE_PREFIX}' }, or { dedicated: true } if only imports use the bucket,`);
}

/** The prefix without leading and trailing slashes. Wildcards would extend the permissions to other prefixes. */
function checkedPrefix(given: string): string {
  const refuse = (problem: string, remedy: string): Error => refusal(WHERE, 'prefix', problem, remedy);
  refuseAddress(WHERE, 'prefix', given, EXAMPLE_PREFIX);
  const prefix = normalizePrefix(given);
  if (Token.isUnresolved(prefix)) return prefix;
  if (/[*?{}]/.test(prefix)) throw refuse(`'${given}' contains a wildcard or a brace`, 'a literal prefix, such as \'imports/orders\',');
  if (prefix.includes('//')) throw refuse(`'${given}' has an empty part`, `'${prefix.replace(/\/{2,}/g, '/')}'`);
  return prefix;
}

function checkLength(series: Series): void {
  if (Token.isUnresolved(series.cachePrefix)) return;
  const longest = new TextEncoder().encode(longestKey(series)).length;
  if (longest <= OBJECT_KEY_BYTES) return;
  throw refusal(WHERE, 'prefix', `makes keys of ${longest} bytes, more than S3's ${OBJECT_KEY_BYTES}`,
    `a prefix that is ${longest - OBJECT_KEY_BYTES} bytes shorter`);
}

const LONGEST_EXTENSION = fileExtension({ format: { name: FormatName.JSON_LINES }, compression: Compression.GZIP });

function longestKey(series: Series): string {
  const uuid = '00000000-0000-0000-0000-000000000000';
  return new ImportKeys(series, uuid).chunk(99_999_999, uuid, LONGEST_EXTENSION);
}

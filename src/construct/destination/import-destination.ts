import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { IntegrityCheck } from '../../protocol/choices';
import { ON_EMPTY } from '../../protocol/defaults';
import { manifestKey } from '../../protocol/manifest';
import { Layout, OutputSettings } from '../../protocol/output-settings';
import { Brand, mark } from '../base/brand';
import { refuseOtherRegion } from '../base/bucket-region';
import { checkRequests } from '../base/bucket-request-options';
import { checkKind, checkOptions, slipsIn } from '../base/check-options';
import { refuseDirectoryBucket } from '../base/directory-bucket';
import { BUCKET, Kinds, options as optionsKind, required, text } from '../base/kinds';
import { refusal } from '../base/validation';
import { encryptionKeyOf, warn, WarningId, warnOfSlips } from '../base/warnings';
import { BoundDestination } from './bound-destination';
import {
  checkDestinationKey, checkedDestinationPrefix, checkedManifestKey, EXAMPLE_KEY, EXAMPLE_MANIFEST_KEY, EXAMPLE_PREFIX, literalFolder,
  literalStart,
} from './destination-key';
import { warnOfName } from './object-name';
import { OUTPUT_OPTION_KINDS, OutputOptions, outputSettingsOf } from './output-options';

/** Options of a destination that is one object in a bucket. */
export interface BucketDestinationOptions extends OutputOptions {
  /**
   * Key of the published object. With placeholders filled in, neither it nor the manifest's key may exceed 1,024 bytes. Its name must not
   * match `_*.manifest.json`, which is reserved for manifests.
   *
   * Placeholders are filled in when an import starts: `{importId}` (a random id), `{executionName}`, and, from the execution's start time
   * in UTC, `{date}` (such as 2026-11-23), `{yyyy}`, `{MM}`, `{dd}` and `{HH}`. If the key is the same for every run, each run replaces the
   * previous run's object atomically, and an older run never replaces a newer one's.
   *
   * Permissions are limited to the part before the first placeholder, so begin with a fixed part.
   */
  readonly key: string;

  /**
   * Key of the manifest, in the same bucket, at most 1,024 bytes with placeholders filled in. It must contain every placeholder of `key`
   * and no others. In the folder of a table its name should begin with an underscore, or the table reads it as records.
   *
   * @default - next to the object: `orders/_latest.jsonl.manifest.json` for `orders/latest.jsonl`
   */
  readonly manifestKey?: string;
}

/** Options of a destination that is several objects under a prefix of a bucket. */
export interface PrefixDestinationOptions extends OutputOptions {
  /**
   * Prefix of the published objects, with or without a trailing slash. The objects are `part-00000000.jsonl` and so on, and
   * `_manifest.json`. With placeholders filled in, their keys may not exceed 1,024 bytes.
   *
   * It takes the same placeholders as a key, and must contain `{importId}`, so that the objects of two imports never mix.
   *
   * Permissions are limited to the part before the first placeholder, so begin with a fixed part.
   */
  readonly prefix: string;
}

/** Where and what an import publishes. */
export abstract class ImportDestination {
  /**
   * One object in a bucket, with a manifest next to it: `orders/_latest.jsonl.manifest.json` for `orders/latest.jsonl`. Athena, Spark and
   * Hive skip names that begin with an underscore.
   *
   * Readers see the old object or the complete new one. A failed import leaves the old object untouched.
   */
  public static toBucket(bucket: s3.IBucket, options: BucketDestinationOptions): ImportDestination {
    const where = 'ImportDestination.toBucket';
    checkKind(where, 'bucket', bucket, required(BUCKET));
    refuseDirectoryBucket(where, bucket);
    checkKind(where, 'options', options, OBJECT_OPTIONS);
    checkOptions(where, options, OBJECT_OPTION_KINDS);
    const { key } = options;
    const output = outputSettingsOf(where, Layout.OBJECT, options);
    checkDestinationKey(where, key);
    const manifest = checkedManifestKey(where, key, options.manifestKey);
    const { latestKey } = output;
    if (latestKey === key) throw refusal(where, 'latestKey', `'${latestKey}' is the key of the object itself`, 'another key');
    if (latestKey === manifest) throw refusal(where, 'latestKey', `'${latestKey}' is the key of the manifest`, 'another key');
    const slips = slipsIn(where, options, OBJECT_OPTION_KINDS);
    return new GivenDestination({ where, property: 'key', bucket, key, manifestKey: manifest, output, options, slips });
  }

  /**
   * One object per chunk under a prefix of a bucket, each complete in its format, for programs that read in parallel, such as Athena and
   * Spark. The manifest, `_manifest.json` under the same prefix, is written last: until it exists, the objects of the import may be
   * incomplete.
   */
  public static toPrefix(bucket: s3.IBucket, options: PrefixDestinationOptions): ImportDestination {
    const where = 'ImportDestination.toPrefix';
    checkKind(where, 'bucket', bucket, required(BUCKET));
    refuseDirectoryBucket(where, bucket);
    checkKind(where, 'options', options, PREFIX_OPTIONS);
    checkOptions(where, options, PREFIX_OPTION_KINDS);
    const output = outputSettingsOf(where, Layout.PARTS, options);
    const key = checkedDestinationPrefix(where, options.prefix, output);
    checkOutsideOfFolder(where, literalFolder(key), output.latestKey);
    const slips = slipsIn(where, options, PREFIX_OPTION_KINDS);
    return new GivenDestination({ where, property: 'prefix', bucket, key, manifestKey: manifestKey(key, Layout.PARTS), output, options, slips });
  }

  /**
   * The destination of one import.
   *
   * @internal
   */
  public abstract _bind(scope: Construct): BoundDestination;
}

mark(ImportDestination, Brand.IMPORT_DESTINATION);

const OBJECT_OPTIONS = required(optionsKind(`{ key: '${EXAMPLE_KEY}' }`));
const OBJECT_OPTION_KINDS: Kinds<BucketDestinationOptions> = {
  ...OUTPUT_OPTION_KINDS, key: required(text(`'${EXAMPLE_KEY}'`)), manifestKey: text(`'${EXAMPLE_MANIFEST_KEY}'`),
};

const PREFIX_OPTIONS = required(optionsKind(`{ prefix: '${EXAMPLE_PREFIX}' }`));
const PREFIX_OPTION_KINDS: Kinds<PrefixDestinationOptions> = { ...OUTPUT_OPTION_KINDS, prefix: required(text(`'${EXAMPLE_PREFIX}'`)) };

interface GivenDestinationProps {
  /** The factory that was called. */
  readonly where: string;
  /** The option that `key` comes from. */
  readonly property: string;
  readonly bucket: s3.IBucket;
  readonly key: string;
  readonly manifestKey: string;
  readonly output: OutputSettings;
  readonly options: OutputOptions;
  /** Warnings about option names that have no effect. */
  readonly slips: readonly string[];
}

class GivenDestination extends ImportDestination {
  constructor(private readonly given: GivenDestinationProps) {
    super();
  }

  public _bind(scope: Construct): BoundDestination {
    const { where, property, bucket, key, manifestKey: manifest, output, options, slips } = this.given;
    refuseOtherRegion(scope, where, bucket);
    const requestSlips = checkRequests(where, options.requests, options.encryptionKey);
    warnOfSlips(scope, [...slips, ...requestSlips, ...options.format?._slips ?? []]);
    if (literalStart(key) === '') warnOfWholeBucket(scope, property, key);
    else if (literalStart(manifest) === '') warnOfWholeBucket(scope, 'manifestKey', manifest);
    if (output.layout === Layout.OBJECT) warnOfName(scope, key, output);
    const encryptionKey = encryptionKeyOf(scope, bucket, options.encryptionKey, {
      id: WarningId.DESTINATION_ENCRYPTION_KEY,
      what: 'The destination bucket',
      remedy: `${where}(bucket, { ${property}, encryptionKey })`,
    });
    const { onEmpty = ON_EMPTY, integrityCheck = IntegrityCheck.FULL_OBJECT_CRC32 } = options;
    return new BoundDestination({
      bucket, key, manifestKey: manifest, output, encryptionKey, onEmpty, integrityCheck, requests: options.requests,
    });
  }
}

function warnOfWholeBucket(scope: Construct, property: string, key: string): void {
  warn(scope, WarningId.DESTINATION_KEY_WITHOUT_PREFIX, `The destination ${property} '${key}' begins with a placeholder, so that Persist may write every key of the `
    + 'bucket. Begin it with a fixed part, such as \'imports/\'.');
}

/**
 * A table over the folder of all imports reads every object in it as records, except names that begin with an underscore.
 *
 * @param folder empty for the bucket's root, which cannot be avoided
 */
function checkOutsideOfFolder(where: string, folder: string, latestKey: string | undefined): void {
  if (latestKey === undefined || folder === '' || !latestKey.startsWith(folder)) return;
  const name = latestKey.split('/').at(-1)!;
  if (name.startsWith('_')) return;
  throw refusal(where, 'latestKey', `'${latestKey}' is among the objects below '${folder}', where it would be read as records`,
    `a key outside of it, or one whose name begins with an underscore, such as '${folder}_${name}',`);
}

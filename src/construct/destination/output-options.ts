import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Compression, IntegrityCheck, OnEmpty } from '../../protocol/choices';
import { OUTPUT_SETTINGS_BYTES } from '../../protocol/defaults';
import { STATE_PAYLOAD_BYTES } from '../../protocol/limits';
import { Layout, OutputSettings } from '../../protocol/output-settings';
import { BucketRequestOptions } from '../base/bucket-request-options';
import { Kinds, KMS_KEY, mapOf, memberOf, options as optionsKind, OUTPUT_FORMAT, STORAGE_CLASS, text } from '../base/kinds';
import { refusal } from '../base/validation';
import { checkLatestKey, EXAMPLE_LATEST_KEY } from './destination-key';
import { checkedTags } from './object-tags';
import { OutputFormat } from './output-format';
import { checkedStorageClass } from './storage-class';

/**
 * What is published, and how. An import keeps the format, compression, tags, storage class and pointer that it was started with, even if
 * it is resumed after a deployment.
 */
export interface OutputOptions {
  /**
   * Format of the published records.
   *
   * @default OutputFormat.jsonLines()
   */
  readonly format?: OutputFormat;

  /**
   * Compression of the published objects.
   *
   * @default Compression.NONE
   */
  readonly compression?: Compression;

  /**
   * Tags of every published object, including manifest and pointer: at most 10, with names of up to 128 and values of up to 256 characters.
   *
   * @default - none
   */
  readonly tags?: { [key: string]: string };

  /**
   * Storage class of the objects with records. Manifest and pointer are small and stay in the standard class.
   *
   * @default - S3's default, the standard class
   */
  readonly storageClass?: s3.StorageClass;

  /**
   * Key of a pointer to the newest import, in the same bucket: a small JSON object with the import's result and start time. It is written
   * last, once everything it points to exists, and an older import never moves it back. It takes no placeholders. In the folder of a
   * prefix its name must begin with an underscore, or a table over that folder would read it as records.
   *
   * @default - none
   */
  readonly latestKey?: string;

  /**
   * What to do with an import without records. A resumed import uses the current setting.
   *
   * @default OnEmpty.PUBLISH
   */
  readonly onEmpty?: OnEmpty;

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

  /**
   * How published objects are verified.
   *
   * @default IntegrityCheck.FULL_OBJECT_CRC32
   */
  readonly integrityCheck?: IntegrityCheck;
}

/** What each option must be. */
export const OUTPUT_OPTION_KINDS: Kinds<OutputOptions> = {
  format: OUTPUT_FORMAT,
  compression: memberOf('Compression', Compression),
  tags: mapOf(text('a string'), '{ team: \'orders\' }'),
  storageClass: STORAGE_CLASS,
  latestKey: text(`'${EXAMPLE_LATEST_KEY}'`),
  onEmpty: memberOf('OnEmpty', OnEmpty),
  encryptionKey: KMS_KEY,
  requests: optionsKind('{ requesterPays: true }'),
  integrityCheck: memberOf('IntegrityCheck', IntegrityCheck),
};

/**
 * The options in the form that imports store.
 *
 * @param where the factory that received them
 * @throws Error that names the option, and says what to write instead
 */
export function outputSettingsOf(where: string, layout: Layout, options: OutputOptions): OutputSettings {
  const { format = OutputFormat.jsonLines(), compression = Compression.NONE, tags, storageClass, latestKey } = options;
  if (latestKey !== undefined) checkLatestKey(where, latestKey);
  const settings: OutputSettings = {
    format: format._bind(),
    compression,
    layout,
    tags: checkedTags(where, tags),
    ...storageClass !== undefined && { storageClass: checkedStorageClass(where, storageClass) },
    ...latestKey !== undefined && { latestKey },
  };
  checkSize(where, settings);
  return settings;
}

/** With larger settings, Step Functions would end every execution at its first state. */
function checkSize(where: string, settings: OutputSettings): void {
  const bytes = new TextEncoder().encode(JSON.stringify(settings)).length;
  if (bytes <= OUTPUT_SETTINGS_BYTES) return;
  throw refusal(where, 'format', `makes settings of ${bytes} bytes, more than ${OUTPUT_SETTINGS_BYTES}: a task's input has at most ${STATE_PAYLOAD_BYTES} bytes, and the `
    + 'execution\'s input has to fit in as well', 'fewer or shorter columns, or leave columns out to take the fields of the first record,');
}

import { promisify } from 'node:util';
import { crc32, gunzip } from 'node:zlib';
import { Entry, fromBufferPromise } from 'yauzl';
import { BodyTooLargeError } from './failures';
import { readAtMost } from './read-at-most';

/** What a gzip file and a zip file begin with. No text of JSON or CSV begins so. */
const GZIP = Buffer.from([0x1f, 0x8b]);
const ZIP = Buffer.from('PK\x03\x04', 'latin1');

/**
 * What is in a compressed file, such as that of an export job: gzip, or zip with one file in it. Other bodies are returned as they are.
 *
 * @throws BodyTooLargeError if it has more than `maxBytes`
 * @throws Error if it has been cut off or changed, or is a zip file with several files
 */
export async function contentOf(bytes: Buffer, maxBytes: number): Promise<Buffer> {
  if (startsWith(bytes, GZIP)) return unzipped(bytes, maxBytes);
  return startsWith(bytes, ZIP) ? onlyFileIn(bytes, maxBytes) : bytes;
}

function startsWith(bytes: Buffer, beginning: Buffer): boolean {
  return bytes.subarray(0, beginning.byteLength).equals(beginning);
}

async function unzipped(bytes: Buffer, maxBytes: number): Promise<Buffer> {
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? new BodyTooLargeError(maxBytes) : error;
  }
}

async function onlyFileIn(bytes: Buffer, maxBytes: number): Promise<Buffer> {
  const archive = await fromBufferPromise(bytes);
  const files: Entry[] = [];
  for await (const entry of archive.eachEntry()) {
    if (!entry.fileName.endsWith('/') && !entry.fileName.startsWith('__MACOSX/')) files.push(entry);
  }
  const [file] = files;
  if (file === undefined || files.length > 1) throw new Error(`the response is a zip file with ${files.length} files; it must have one`);
  if (file.isEncrypted()) throw new Error('the response is a zip file that needs a password');
  const content = await readAtMost(await archive.openReadStreamPromise(file), maxBytes);
  // The library compares the sizes only.
  if (crc32(content) !== file.crc32) throw new Error('the file in the response, a zip file, does not have its checksum');
  return content;
}

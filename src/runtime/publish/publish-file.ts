import { encodeFile } from '../../protocol/file-format';
import { Publication } from './publication';
import { fileProperties, Standing, standingOf } from './published-object';
import { unsettledBy, untilSettled } from './until-settled';

/**
 * Puts a file of JSON at a key that imports may share. Like an object of records, it never replaces a newer import's.
 *
 * @returns whose file stands there then
 */
export async function publishFile(key: string, content: object, publication: Publication): Promise<Exclude<Standing['kind'], 'open'>> {
  const { file, destination } = publication;
  return untilSettled(key, publication, async () => {
    const standing = await standingOf(destination, key, file);
    if (standing.kind !== 'open') return standing.kind;
    const outcome = await destination.writeIf(key, encodeFile(content), standing.condition, fileProperties(file));
    return outcome === 'done' ? 'ours' : unsettledBy(outcome);
  });
}

import { encodeFile } from '../../protocol/file-format';
import { Publication } from './publication';
import { fileProperties, Standing, standingOf } from './published-object';
import { unsettledBy, untilPublished } from './until-published';

/**
 * Writes a JSON file at a key that imports may share. As with the records, an older import never replaces a newer one's.
 *
 * @returns whose file is there afterwards
 */
export async function publishFile(key: string, content: object, publication: Publication): Promise<Exclude<Standing['kind'], 'open'>> {
  const { file, destination } = publication;
  return untilPublished(key, publication, async () => {
    const standing = await standingOf(key, publication);
    if (standing.kind !== 'open') return standing.kind;
    const outcome = await destination.writeIf(key, encodeFile(content), standing.condition, fileProperties(file));
    return outcome === 'done' ? 'ours' : unsettledBy(outcome);
  });
}

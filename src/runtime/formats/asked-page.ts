import { ImportContext, PageContext } from '../../protocol/errors';
import { Position } from '../../protocol/fetch-contract';
import { ImportFile } from '../../protocol/import-file';
import { shortDigest, tokenDigest } from '../bytes/digest';

/** A page to fetch: where it is, and how messages name it. */
export interface AskedPage extends Position, PageContext {
  /** Number of records to ask for. */
  readonly pageSize: number;
}

/** The page at a position of an import. */
export function askedPage({ importId, executionArn, embedded, pageSize }: ImportContext & Pick<ImportFile, 'pageSize'>, position: Position): AskedPage {
  const { pageToken } = position;
  return {
    ...position, importId, executionArn, embedded, pageSize,
    // Computed only when a message needs it: hardly any page has one.
    get tokenDigest() {
      return pageToken === null ? null : shortDigest(tokenDigest(pageToken));
    },
  };
}

import { Estimate } from './estimate';
import { Preview, recordsOf } from './previewed-page';
import { FailedPage } from './read-pages';
import { PreviewWarning } from './warnings';

/** What a preview shows to programs. */
export interface JsonPreview {
  readonly preview: Preview & { readonly failed?: FailedPage };
  readonly estimate: Estimate | undefined;
  readonly warnings: readonly PreviewWarning[];
  /** Records shown at most. */
  readonly mostRecords: number;
}

/** A preview as one JSON document. */
export function previewJson({ preview, estimate, warnings, mostRecords }: JsonPreview): string {
  const pages = preview.pages.map(({ number, responses, read, isLast, decision }) => ({
    page: number,
    requests: responses.map(({ status, milliseconds, bytes }) => ({ status, milliseconds: Math.round(milliseconds), bytes })),
    records: read.records.length,
    isLast,
    decision,
  }));
  return JSON.stringify({
    status: preview.failed === undefined ? 'SUCCEEDED' : 'FAILED',
    failed: preview.failed && { page: preview.failed.number, message: preview.failed.message },
    pageSize: preview.pageSize,
    guessedRecords: preview.guessedPath,
    pages,
    estimate,
    warnings,
    records: recordsOf(preview).slice(0, mostRecords),
  }, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}

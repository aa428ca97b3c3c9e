import type { SourceRequest } from 'cdk-paginated-import/source';

/** Made once: what is measured is the import, not the making of records. About 190 characters. */
const TEXT = 'paginated import '.repeat(11);

/** Pages full of records of about 235 bytes each, as many as the input says. */
export default ({ offset, pageNumber, pageSize, input }: SourceRequest<{ readonly pages: number }>): object => ({
  records: Array.from({ length: pageSize }, (_, index) => ({ id: offset + index, name: `record ${offset + index}`, text: TEXT })),
  hasMore: pageNumber < input.pages,
});

import type { SourceRequest } from 'cdk-paginated-import/source';
import { PagedSource } from './contenders/paged-source.mts';

let source: PagedSource;

/** The source of all contenders, as a handler. After the last page, it logs how long its pages took. */
export default async ({ pageNumber, pageSize, input }: SourceRequest<{ pages: number; pageMilliseconds: number }>): Promise<object> => {
  if (pageNumber === 1) source = new PagedSource({ ...input, pageSize });
  const records = await source.page(pageNumber);
  const hasMore = pageNumber < input.pages;
  if (!hasMore) console.log(JSON.stringify({ sourceSeconds: source.seconds }));
  return { records, hasMore };
};

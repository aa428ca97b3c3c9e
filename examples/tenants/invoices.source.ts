import { defineSource, RetryLaterError } from 'cdk-paginated-import/source';
import { z } from 'zod';

/** The input that the Map state passes to each import. */
const Input = z.object({ tenant: z.string() });

const Page = z.object({
  invoices: z.array(z.unknown()),
  next: z.string().nullable(),
});

/** Invoices of one tenant, from an API with page tokens. */
export default defineSource({
  input: Input,
  async fetchPage({ input, pageToken, pageSize, signal }) {
    const url = new URL(`https://api.example.com/tenants/${encodeURIComponent(input.tenant)}/invoices`);
    url.searchParams.set('limit', String(pageSize));
    if (pageToken !== null) url.searchParams.set('after', String(pageToken));

    const response = await fetch(url, { signal });
    if (response.status === 429) throw new RetryLaterError(response.headers.get('retry-after'));
    if (!response.ok) throw new Error(`the invoices API answered ${response.status}`);

    const { invoices, next } = Page.parse(await response.json());
    return { records: invoices, nextPageToken: next };
  },
});

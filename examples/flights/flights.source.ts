import { defineSource, NonRetryableError, RetryLaterError } from 'cdk-paginated-import/source';
import { z } from 'zod';

const Flight = z.object({ delay: z.number(), distance: z.number(), time: z.number() });

/** Flights from a REST server with offset and limit, and the total in a header. */
export default defineSource({
  record: Flight,
  async fetchPage({ offset, pageSize, signal }) {
    const response = await fetch(`${apiUrl()}/flights?_start=${offset}&_limit=${pageSize}`, { signal });
    if (response.status === 429) throw new RetryLaterError(response.headers.get('retry-after'));
    if (response.status >= 400 && response.status < 500) throw new NonRetryableError(`the flights API answered ${response.status}`);
    if (!response.ok) throw new Error(`the flights API answered ${response.status}`);

    const records = await response.json() as unknown[];
    const total = Number(response.headers.get('x-total-count'));
    return { records, total, hasMore: offset + records.length < total };
  },
});

function apiUrl(): string {
  const url = process.env.FLIGHTS_API_URL;
  if (url === undefined) throw new NonRetryableError('FLIGHTS_API_URL is not set');
  return url;
}

import { createServer, RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpSettings } from '../../src/protocol/http-settings';
import { recordsOf, sourceAt } from '../source/http/kit';

/** An order as the foreign servers keep it. */
export interface Order {
  readonly id: string;
  readonly number: number;
  readonly customer: string;
}

export const ORDERS: readonly Order[] = Array.from({ length: 25 }, (_, number) => ({
  id: `order-${String(number).padStart(2, '0')}`, number, customer: `customer ${number % 7}`,
}));

/** A server under its own address. */
export interface ForeignServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves what somebody else's package answers. */
export async function serve(listener: RequestListener): Promise<ForeignServer> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => { server.close(resolve); });
    },
  };
}

/**
 * All records of a source.
 *
 * @param read takes the order out of a record
 */
export async function imported(
  settings: HttpSettings, pageSize: number, read: (record: never) => unknown = (record) => record,
): Promise<unknown[]> {
  return (await recordsOf(sourceAt(settings), { pageSize })).map((record) => read(record as never));
}

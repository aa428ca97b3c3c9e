/** The part of json-server that the demo uses; it has no types of its own. */
declare module 'json-server' {
  import { RequestListener, Server } from 'node:http';

  interface Application extends RequestListener {
    use(handler: unknown): void;
    listen(port: number, host: string): Server;
  }

  export function create(): Application;
  export function router(database: object): unknown;
}

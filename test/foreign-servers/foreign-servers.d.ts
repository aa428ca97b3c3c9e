/** The parts that the tests use of packages without types. */
declare module 'fortune' {
  interface Store {
    connect(): Promise<void>;
    disconnect(): Promise<void>;
    create(type: string, records: readonly object[]): Promise<unknown>;
  }
  function fortune(types: object): Store;
  export = fortune;
}

declare module 'fortune-http' {
  import { IncomingMessage, ServerResponse } from 'node:http';

  function fortuneHttp(store: object, options: object): (request: IncomingMessage, response: ServerResponse) => Promise<unknown>;
  export = fortuneHttp;
}

declare module 'fortune-json-api' {
  const serializer: object;
  export = serializer;
}

declare module 'simple-odata-server' {
  import { IncomingMessage, ServerResponse } from 'node:http';

  interface Server {
    model(model: object): Server;
    adapter(adapter: object): Server;
    handle(request: IncomingMessage, response: ServerResponse): void;
  }
  function ODataServer(url: string): Server;
  export = ODataServer;
}

declare module 'simple-odata-server-nedb' {
  function adapter(find: (entitySet: string, done: (error: null, database: object) => void) => void): object;
  export = adapter;
}

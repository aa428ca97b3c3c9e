import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkHttpSettings } from '../../src/protocol/http-check/check-http-settings';
import { HttpSettings } from '../../src/protocol/http-settings';
import { JsonObject, JsonValue } from '../../src/protocol/json';
import type { SourceRequest } from '../../src/source/handler/define-source';
import { NonRetryableError, RetryLaterError } from '../../src/source/handler/errors';
import { HttpSource } from '../../src/source/http/http-source';
import { Answer, Received, recordsIn, requestFor, Script, ScriptedServer, sourceAt, TestTools } from '../source/http/kit';

/** The attempts that an import makes at a page. */
const MAX_ATTEMPTS = 5;

/** The settings of a file in `gallery/`. */
export function gallerySettings(name: string): HttpSettings {
  const settings = JSON.parse(readFileSync(join(__dirname, `../../gallery/${name}.http.json`), 'utf8')) as unknown;
  checkHttpSettings(name, settings);
  return settings;
}

/** What an import of a gallery file came to. */
export interface Imported {
  readonly records: readonly unknown[];
  /** Seconds of each wait that the source or a rate limit asked for. */
  readonly waits: readonly number[];
  /** Attempts that failed and were made again. */
  readonly retries: number;
}

/** A scripted server in place of a public API, and imports from it by the gallery's settings. */
export class GalleryApi {
  /** @param secrets by the names of the environment variables that the settings refer to */
  public static async start(name: string, secrets: Readonly<Record<string, string>>, script: Script): Promise<GalleryApi> {
    const troubles: Trouble[] = [];
    const server = await ScriptedServer.start((request, response) => troubleFor(troubles, request)?.answer ?? script(request, response));
    return new GalleryApi(gallerySettings(name), secrets, server, troubles);
  }

  private tools = new TestTools();

  private constructor(
    private readonly settings: HttpSettings,
    private readonly secrets: Readonly<Record<string, string>>,
    private readonly server: ScriptedServer,
    private readonly troubles: Trouble[],
  ) {}

  public get origin(): string {
    return this.server.origin;
  }

  /** The requests so far. */
  public get received(): readonly Received[] {
    return this.server.received;
  }

  /** The import's clock, in milliseconds: it goes on only while something is waited for. */
  public get time(): number {
    return this.tools.time;
  }

  /** Milliseconds of the pauses between requests that keep to the rate limit. */
  public get pauses(): readonly number[] {
    return this.tools.waits;
  }

  /** Answers the next request that `when` accepts with something else. */
  public answerOnce(answer: Answer, when: (request: Received) => boolean = () => true): void {
    this.troubles.push({ answer, when });
  }

  /** Reads all pages as the import's loop does: waits when it is asked to, and tries a page again. */
  public async import({ pageSize, input = {} }: { readonly pageSize: number; readonly input?: JsonObject }): Promise<Imported> {
    const tools = this.tools = new TestTools();
    Object.assign(tools.secrets, this.secrets);
    const { url } = this.settings;
    const source = sourceAt({ ...this.settings, url: url.replace(/^https:\/\/[^/]+/, this.server.origin) }, tools);
    return new PatientImport(source, tools).run(pageSize, input);
  }

  public async close(): Promise<void> {
    await this.server.close();
  }
}

interface Trouble {
  readonly answer: Answer;
  readonly when: (request: Received) => boolean;
}

function troubleFor(troubles: Trouble[], request: Received): Trouble | undefined {
  const at = troubles.findIndex(({ when }) => when(request));
  return at < 0 ? undefined : troubles.splice(at, 1)[0];
}

/** Reads all pages, as patiently as an import. */
class PatientImport {
  private readonly waits: number[] = [];
  private retries = 0;

  constructor(private readonly source: HttpSource, private readonly tools: TestTools) {}

  public async run(pageSize: number, input: JsonObject): Promise<Imported> {
    const records: unknown[] = [];
    let pageToken: JsonValue = null;
    for (let pageNumber = 1; ; pageNumber++) {
      const request = requestFor({ pageToken, offset: (pageNumber - 1) * pageSize, pageNumber, pageSize, input });
      const answer = await this.page(request) as { readonly nextPageToken?: JsonValue };
      const page = recordsIn(answer as never);
      records.push(...page);
      const isLast = Array.isArray(answer) ? page.length === 0 : answer.nextPageToken === null;
      if (isLast) return { records, waits: this.waits, retries: this.retries };
      pageToken = answer.nextPageToken ?? null;
    }
  }

  private async page(request: SourceRequest): Promise<unknown> {
    for (let failures = 0; ;) {
      try {
        return await this.source.fetchPage(request);
      } catch (error) {
        if (error instanceof RetryLaterError) {
          this.wait(error.retryAfterSeconds);
          continue;
        }
        if (error instanceof NonRetryableError || ++failures === MAX_ATTEMPTS) throw error;
        this.retries++;
      }
    }
  }

  private wait(seconds: number): void {
    this.waits.push(seconds);
    this.tools.time += seconds * 1000;
  }
}

import { Reports, Totals } from '../../protocol/commit-record';
import { SHORT_WAIT_SECONDS, SHORT_WAITS_PER_PAGE } from '../../protocol/defaults';
import { Position } from '../../protocol/fetch-contract';
import { ImportFile } from '../../protocol/import-file';
import { ImportWarning } from '../../protocol/import-warning';
import { PerStream, perStream } from '../../protocol/streams';
import { ChunkEncoding } from '../chunks/chunk-encoder';
import { AskedPage, askedPage } from '../formats/asked-page';
import { CommitLog } from '../log/commit-log';
import { World } from '../ports/ports';
import { ChunkWriter } from './chunk-writer';
import { LastPage, questionsAtEnd, warningsOfEnd } from './import-end';
import { ChunkSettings, OpenChunk } from './open-chunk';
import { PageAttempts } from './page-attempts';
import { OutOfTime, PageFetcher } from './page-fetcher';
import { PageGuards, PageGuardSettings } from './page-guards';
import { Later, Page } from './page-response';
import { PageWaits } from './page-waits';
import { TimeBudget } from './time-budget';

/** Settings of a run of pages. */
export interface PageRunSettings extends PageGuardSettings, ChunkSettings {
}

/** What a run of pages needs. */
export interface PageRunTools {
  readonly importFile: ImportFile;
  readonly log: CommitLog;
  readonly encodings: PerStream<ChunkEncoding>;
  readonly fetcher: PageFetcher;
  readonly budget: TimeBudget;
  readonly world: World;
  readonly settings: PageRunSettings;
  /** Pages according to the state. A round that adds none to them would be repeated for ever. */
  readonly knownPages: number;
  /** Seconds that earlier rounds waited for the page after them. */
  readonly waitedSeconds: number;
  /** Failed attempts of earlier rounds at that page. */
  readonly failedAttempts: number;
  /** Longest time that the source may make the import wait for one page. */
  readonly maxWaitSeconds: number;
}

/** How a run stopped without a failure. */
export interface Pause {
  /** Whole seconds to wait before the next round, for a Wait state; 0 for none. */
  readonly waitSeconds: number;
  /** Seconds that the source has made the import wait for the page that is due next, those of this pause included. */
  readonly waitedSeconds: number;
  /** Failed attempts at that page. */
  readonly failedAttempts: number;
}

/** How long pages may run before yielding to the event loop, in milliseconds. Yielding more often costs CPU and speeds nothing up. */
const TURN_MILLISECONDS = 2;

/** Fetches pages for one writer: asks for them, has them checked, and adds them to the open chunk. */
export class PageRun {
  private position: Position | null;
  private readonly guards: PageGuards;
  private readonly chunk: OpenChunk;
  private reports: Reports;
  private waits: PageWaits;
  private attempts: PageAttempts;
  private pages = 0;
  private records = 0;
  private gaveWayAt = 0;
  /** Totals of the log before this run. */
  private readonly before: Totals;

  constructor(private readonly tools: PageRunTools, private readonly writer: ChunkWriter) {
    const { log, settings, importFile: { pageSize }, world: { clock } } = tools;
    this.before = log.totals;
    this.position = log.end;
    this.reports = log.reports;
    this.guards = new PageGuards(log, settings, pageSize);
    this.chunk = new OpenChunk({ ...tools, writer, clock, guardStates: () => this.guards.states() }, log);
    const isNextPage = this.before.pages > tools.knownPages;
    this.waits = new PageWaits(tools.maxWaitSeconds, isNextPage ? 0 : tools.waitedSeconds);
    this.attempts = tools.fetcher.attemptsAfter(isNextPage ? 0 : tools.failedAttempts);
  }

  public async untilPause(): Promise<Pause> {
    while (this.position !== null && !this.writer.isStopped && this.hasTimeForPage()) {
      const page = askedPage(this.tools.importFile, this.position);
      this.guards.checkAsked(page);
      const answer = await this.fetch(page);
      if (answer.kind === 'out-of-time') return this.pauseWithout(answer, page);
      if (answer.kind === 'later' && !this.isWaitedForHere(answer.seconds)) return this.pauseFor(answer.seconds, page);
      if (answer.kind === 'later') await this.wait(answer.seconds, page);
      else if (this.hasTimeToEnd(answer, page)) await this.accept(answer, page);
      else break;
    }
    return this.pause(0);
  }

  /** Commits what was fetched since the last commit, above all when the next page failed. */
  public async commitRest(): Promise<void> {
    await this.chunk.commit();
  }

  /** Without headway the next page is tried however little time is left: an invocation that fetches none would never end the import. */
  private hasTimeForPage(): boolean {
    return !this.hasHeadway || this.tools.budget.hasTimeForPage;
  }

  /** Confirming the end may take further requests. Without the time for them, the next round fetches the last page again. */
  private hasTimeToEnd(answer: Page, page: AskedPage): boolean {
    if (answer.next !== null || !this.hasHeadway) return true;
    const questions = questionsAtEnd(this.lastPage(answer, page));
    return questions === 0 || this.tools.budget.hasTimeForPages(questions);
  }

  /** Whether this round has made progress: pages of its own, or of other attempts in the log. */
  private get hasHeadway(): boolean {
    return this.pages > 0 || this.tools.log.totals.pages > this.tools.knownPages;
  }

  private async fetch(page: AskedPage): Promise<Page | Later | OutOfTime> {
    const { budget, fetcher, world: { clock } } = this.tools;
    const startedAt = clock.now();
    const answer = await this.chunk.during(fetcher.fetch(page, budget.untilAbort, this.attempts));
    budget.notePage(clock.now() - startedAt);
    await this.giveWay();
    return answer;
  }

  /** A source that answers at once would starve the previous chunk's upload and the timer that aborts a page. */
  private async giveWay(): Promise<void> {
    const { clock } = this.tools.world;
    if (clock.now() - this.gaveWayAt < TURN_MILLISECONDS) return;
    await clock.giveWay();
    this.gaveWayAt = clock.now();
  }

  private async accept(answer: Page, page: AskedPage): Promise<void> {
    this.guards.checkRecords(answer, page);
    const warnings = answer.next === null ? await this.warningsOfEnd(answer, page) : [];
    const encoded = perStream((name) => this.tools.encodings[name].encode(answer.streams[name], page, this.reports));
    this.guards.take(answer, page, encoded.records.digest);
    this.goOn(answer);
    const { sourceTotal } = answer;
    this.reports = { ...this.reports, ...encoded.records.columns, ...sourceTotal === undefined ? {} : { sourceTotal } };
    await this.chunk.add({ encoded, next: answer.next, reports: this.reports, warnings });
  }

  private async warningsOfEnd(answer: Page, page: AskedPage): Promise<readonly ImportWarning[]> {
    const { importFile, fetcher, budget } = this.tools;
    return warningsOfEnd(this.lastPage(answer, page), (position) => (
      this.chunk.during(fetcher.peek(askedPage(importFile, position), budget.untilAbort))
    ));
  }

  private lastPage(answer: Page, page: AskedPage): LastPage {
    return this.guards.lastPage(answer, page, answer.sourceTotal ?? this.reports.sourceTotal);
  }

  /** Moves to the next page, with no waits and no failed attempts yet. */
  private goOn({ next, streams: { records } }: Page): void {
    const { importFile: { importId }, log, fetcher, maxWaitSeconds, world: { observer } } = this.tools;
    this.position = next;
    this.waits = new PageWaits(maxWaitSeconds, 0);
    this.attempts = fetcher.attemptsAfter(0);
    this.pages += 1;
    this.records += records.length;
    const { pages, records: recordsBefore } = this.before;
    observer.pageDone({ importId, pages: pages + this.pages, records: recordsBefore + this.records, chunks: log.nextIndex });
  }

  /** A short wait costs less here than in a Wait state. */
  private isWaitedForHere(seconds: number): boolean {
    return seconds <= SHORT_WAIT_SECONDS && this.waits.inThisInvocation < SHORT_WAITS_PER_PAGE
      && this.tools.budget.hasTimeForPageAfter(seconds * 1000);
  }

  private async wait(seconds: number, page: AskedPage): Promise<void> {
    this.waits.add(seconds, page);
    await this.chunk.during(this.tools.world.clock.sleep(Math.ceil(seconds * 1000)));
  }

  /** Leaves the wait to the Wait state, in whole seconds, rounded up. */
  private pauseFor(seconds: number, page: AskedPage): Pause {
    const waitSeconds = Math.ceil(seconds);
    this.waits.add(waitSeconds, page);
    return this.pause(waitSeconds);
  }

  private pause(waitSeconds: number): Pause {
    return { waitSeconds, waitedSeconds: this.waits.seconds, failedAttempts: this.attempts.failed };
  }

  /**
   * Every round without headway counts an attempt, so that the import ends: one that was cut off had the whole invocation then, unless
   * another one has failed in it.
   */
  private pauseWithout({ isCutOff, retryInMilliseconds }: OutOfTime, page: AskedPage): Pause {
    const { attempts, tools: { fetcher: { failures }, budget } } = this;
    if (isCutOff && !this.hasHeadway && !attempts.haveFailedHere) failures.noteNoAnswer(page, Math.round(budget.elapsed / 1000), attempts);
    return this.pause(Math.ceil(retryInMilliseconds / 1000));
  }
}

import { Columns, Totals } from '../../protocol/commit-record';
import { CHUNK_BYTES, CHUNK_SHARE_OF_IMPORT, SHORT_WAIT_SECONDS, SHORT_WAITS_PER_PAGE } from '../../protocol/defaults';
import { Position } from '../../protocol/fetch-contract';
import { ImportFile } from '../../protocol/import-file';
import { ImportWarning } from '../../protocol/import-warning';
import { ChunkBuilder, ChunkStyle } from '../chunks/chunk-builder';
import { AskedPage, askedPage } from '../formats/asked-page';
import { CommitLog } from '../log/commit-log';
import { Clock, ProgressListener, World } from '../ports/ports';
import { ChunkWriter } from './chunk-writer';
import { QUESTIONS_BEFORE_END } from './end-check';
import { doubtfulPage, LastPage, warningsOfEnd } from './import-end';
import { PageAttempts } from './page-attempts';
import { OutOfTime, PageFetcher } from './page-fetcher';
import { PageGuards, PageGuardSettings } from './page-guards';
import { Later, Page } from './page-response';
import { PageWaits } from './page-waits';
import { TimeBudget } from './time-budget';

/** What a run of pages is told. */
export interface PageRunSettings extends PageGuardSettings {
  /** Bytes at which a chunk of a small import is committed. */
  readonly chunkBytes: number;
  /**
   * Bytes up to which they grow with the import: see CHUNK_SHARE_OF_IMPORT.
   * @default - they do not grow
   */
  readonly mostChunkBytes?: number;
  /** Longest time between two commits, in milliseconds. */
  readonly checkpointMilliseconds: number;
  /** Largest page that the function's memory carries, in bytes. */
  readonly pageBytes: number;
}

/** What a run of pages works with. */
export interface PageRunTools {
  readonly importFile: ImportFile;
  readonly log: CommitLog;
  readonly style: ChunkStyle;
  readonly fetcher: PageFetcher;
  readonly budget: TimeBudget;
  readonly world: World;
  readonly settings: PageRunSettings;
  /** Pages that the state knows of. A round that ends with no more of them would be repeated for ever. */
  readonly knownPages: number;
  /** Seconds that were waited in earlier rounds for the page after them. */
  readonly waitedSeconds: number;
  /** Attempts that failed in earlier rounds at that page. */
  readonly failedAttempts: number;
  /** Longest time that the source may make the import wait for one page. */
  readonly maxWaitSeconds: number;
  readonly onPage: ProgressListener;
}

/** Why a run stopped before the source's end. */
export interface Pause {
  /** Whole seconds to wait before the next round, as a Wait state knows them; 0 for none. */
  readonly waitSeconds: number;
  /** Seconds that the source has made the import wait for the page that is due next, those of this pause included. */
  readonly waitedSeconds: number;
  /** Attempts that have failed at that page. */
  readonly failedAttempts: number;
}

/** Time that pages may take from everything else that is due, in milliseconds. Less of it costs CPU time, and hastens nothing. */
const TURN_MILLISECONDS = 2;

/** Whether something is not settled after so many milliseconds. */
function outlasts(settling: Promise<unknown>, milliseconds: number, clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    const callOff = clock.after(milliseconds, () => resolve(true));
    const settle = (): void => {
      callOff();
      resolve(false);
    };
    settling.then(settle, settle);
  });
}

/** One run of pages on one writer's chain. */
export class PageRun {
  private position: Position | null;
  private readonly guards: PageGuards;
  private columns: Columns;
  private sourceTotal: number | undefined;
  private chunk: ChunkBuilder;
  /** Of the pages in the chunk. */
  private warnings: readonly ImportWarning[] = [];
  private waits: PageWaits;
  private attempts: PageAttempts;
  private pages = 0;
  private records = 0;
  private gaveWayAt = 0;
  /** Of the chunks that were built. */
  private bytes = 0;
  /** What was committed before this run. */
  private readonly before: Totals;

  constructor(private readonly tools: PageRunTools, private readonly writer: ChunkWriter) {
    this.before = tools.log.totals;
    this.position = tools.log.end;
    this.guards = new PageGuards(tools.log, tools.settings, tools.importFile.pageSize);
    this.columns = tools.log.columns;
    this.sourceTotal = tools.log.sourceTotal;
    this.chunk = this.newChunk();
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

  /** Commits what was fetched since the last commit: also, and above all, when the next page failed. */
  public async commitRest(): Promise<void> {
    if (!this.chunk.isEmpty && !this.writer.isStopped) await this.commit();
  }

  /** Without headway the next page is tried however little time is left: an invocation that fetches none would never end the import. */
  private hasTimeForPage(): boolean {
    return !this.hasHeadway || this.tools.budget.hasTimeForPage;
  }

  /** A doubtful end is left to the next round, which asks for its page again, where there is no time to ask the source once more. */
  private hasTimeToEnd(answer: Page, page: AskedPage): boolean {
    if (!this.hasHeadway || this.tools.budget.hasTimeForPages(QUESTIONS_BEFORE_END)) return true;
    return doubtfulPage(this.lastPage(answer, page)) === undefined;
  }

  /** Whether the round gets further than the one before it: by pages of its own, or by those of other attempts in the log. */
  private get hasHeadway(): boolean {
    return this.pages > 0 || this.tools.log.totals.pages > this.tools.knownPages;
  }

  private async fetch(page: AskedPage): Promise<Page | Later | OutOfTime> {
    const { budget, fetcher, world } = this.tools;
    const startedAt = world.clock.now();
    const answering = fetcher.fetch(page, budget.untilAbort, this.attempts);
    await this.commitWhileWaiting(answering);
    const answer = await answering;
    budget.notePage(world.clock.now() - startedAt);
    await this.giveWay();
    return answer;
  }

  /** A source that answers at once would leave no turn to the upload of the chunk before, or to the timer that ends the page. */
  private async giveWay(): Promise<void> {
    const { clock } = this.tools.world;
    if (clock.now() - this.gaveWayAt < TURN_MILLISECONDS) return;
    await clock.giveWay();
    this.gaveWayAt = clock.now();
  }

  /** A slow page must not keep the pages before it from their checkpoint. */
  private async commitWhileWaiting(answer: Promise<unknown>): Promise<void> {
    if (this.chunk.isEmpty) return;
    const isLate = await outlasts(answer, this.untilCheckpoint(), this.tools.world.clock);
    if (isLate && !this.writer.isStopped) await this.commit();
  }

  private async accept(answer: Page, page: AskedPage): Promise<void> {
    this.guards.checkRecords(answer, page);
    const warnings = await warningsOfEnd(this.lastPage(answer, page), (position, offset) => this.peek(position, offset));
    await this.take(answer, page);
    this.warnings = [...this.warnings, ...warnings];
    this.report();
    await this.commitIfDue();
  }

  private lastPage(answer: Page, page: AskedPage): LastPage {
    return this.guards.lastPage(answer, page, answer.sourceTotal ?? this.sourceTotal);
  }

  private async peek(position: Position, offset: number): Promise<Page | undefined> {
    const { importFile, fetcher, budget } = this.tools;
    const peeking = fetcher.peek(askedPage(importFile, position), offset, budget.untilAbort);
    await this.commitWhileWaiting(peeking);
    return peeking;
  }

  private async take(answer: Page, page: AskedPage): Promise<void> {
    const { settings: { pageBytes }, style: { format } } = this.tools;
    const { records: { length: records }, next } = answer;
    const { text, dropped = '', columns } = format.encode(answer.records, page, this.columns, pageBytes);
    this.guards.take(answer, page, text + dropped);
    this.sourceTotal = answer.sourceTotal ?? this.sourceTotal;
    this.columns = columns;
    this.position = next;
    this.waits = new PageWaits(this.tools.maxWaitSeconds, 0);
    this.attempts = this.tools.fetcher.attemptsAfter(0);
    this.pages += 1;
    this.records += records;
    await this.chunk.add({ text, columns, records, next, sourceTotal: this.sourceTotal });
  }

  private report(): void {
    const { importFile: { importId }, log, onPage } = this.tools;
    onPage({ importId, pages: this.before.pages + this.pages, records: this.before.records + this.records, chunks: log.nextIndex });
  }

  private async commitIfDue(): Promise<void> {
    if (this.position === null || this.chunk.isFull(this.chunkBytes) || this.untilCheckpoint() <= 0) await this.commit();
  }

  /** Chunks grow with the import, as far as memory allows it: S3 puts few large ones together sooner than many small ones. */
  private get chunkBytes(): number {
    const { chunkBytes, mostChunkBytes = chunkBytes } = this.tools.settings;
    return Math.max(chunkBytes, Math.min((this.before.bytes + this.bytes) * CHUNK_SHARE_OF_IMPORT, mostChunkBytes));
  }

  private async commit(): Promise<void> {
    const { chunk, warnings } = this;
    this.chunk = this.newChunk();
    this.warnings = [];
    const built = await chunk.build(this.guards.states(), warnings);
    this.bytes += built.bytes;
    await this.writer.write(built);
  }

  /** A chunk that is large already is not left to the end of a short invocation, which could not upload it any more. */
  private untilCheckpoint(): number {
    const { settings: { checkpointMilliseconds }, budget, world } = this.tools;
    const interval = this.chunk.isFull(CHUNK_BYTES) ? Math.min(checkpointMilliseconds, budget.longestUnmeasured) : checkpointMilliseconds;
    return this.chunk.openedAt + interval - world.clock.now();
  }

  private newChunk(): ChunkBuilder {
    return new ChunkBuilder(this.tools.style, {
      // After the source's end there is no chunk to come: the builder stays empty.
      position: this.position ?? { pageNumber: 0, pageToken: null },
      records: this.before.records + this.records,
      openedAt: this.tools.world.clock.now(),
    });
  }

  /** A short wait costs less here than in a Wait state, and a page that is near is worth it. */
  private isWaitedForHere(seconds: number): boolean {
    return seconds <= SHORT_WAIT_SECONDS && this.waits.inThisInvocation < SHORT_WAITS_PER_PAGE
      && this.tools.budget.hasTimeForPageAfter(seconds * 1000);
  }

  private async wait(seconds: number, page: AskedPage): Promise<void> {
    this.waits.add(seconds, page);
    const waiting = this.tools.world.clock.sleep(Math.ceil(seconds * 1000));
    await this.commitWhileWaiting(waiting);
    await waiting;
  }

  /** Leaves a wait to the Wait state, which knows whole seconds: never fewer than the source asked for. */
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

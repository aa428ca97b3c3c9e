import { RawResponse } from '../../source/http/message/http-response';
import { HttpObserver } from '../../source/http/observe/http-observer';
import { ReadPage } from '../../source/http/paging/style';
import { SeenResponse } from './previewed-page';

/** Collects what the engine does for each page. */
export class PreviewObserver implements HttpObserver {
  public guessedPath: string | undefined;
  private sentAt = 0;
  private responses: SeenResponse[] = [];
  private page: ReadPage | undefined;

  public onRequest(): void {
    this.sentAt = performance.now();
  }

  public onResponse({ status, headers, bytes }: RawResponse): void {
    this.responses.push({ status, headers, bytes: bytes.byteLength, milliseconds: performance.now() - this.sentAt });
  }

  public onGuess(path: string): void {
    this.guessedPath = path;
  }

  public onPage(page: ReadPage): void {
    this.page = page;
  }

  /** What has been seen since it was last asked. */
  public taken(): { readonly responses: readonly SeenResponse[]; readonly read: ReadPage } {
    const { responses, page } = this;
    this.responses = [];
    return { responses, read: page! };
  }
}

import { ProgressLine } from '../../src/local/progress-line';
import { PROGRESS_MESSAGE } from '../../src/protocol/environment';

function progressTo(isTTY: boolean): { readonly line: ProgressLine; readonly written: () => string } {
  let written = '';
  return { line: new ProgressLine({ isTTY, write: (text) => { written += text; } }), written: () => written };
}

function at(pages: number, records: number, chunks: number): Parameters<ProgressLine['onLine']>[0] {
  return { functionName: 'Fetch', stream: 'stdout', text: JSON.stringify({ message: PROGRESS_MESSAGE, importId: 'i', pages, records, chunks }) };
}

test('numbers go with singular and plural', () => {
  const { line, written } = progressTo(false);
  line.onLine(at(1, 1, 1));
  line.onEvent({ type: 'WaitStarted', seconds: 30, executionArn: 'arn', at: new Date() });
  line.onLine(at(1200, 30_000, 2));
  line.end();
  expect(written()).toMatch(/^1 page, 1 record, [\d,]+ records?\/s, 1 chunk, 0 waits\n1 page, .* 1 chunk, 1 wait, waiting 30 s as the source asks\n1,200 pages, 30,000 records, .* 2 chunks, 1 wait\n$/);
});

test('lines of something else stand above the progress of a terminal, and among that of a file', () => {
  const terminal = progressTo(true);
  terminal.line.onLine(at(2, 4, 0));
  terminal.line.log('hello');
  expect(terminal.written()).toMatch(/^\r\x1b\[K2 pages[^\n]*\r\x1b\[Khello\n\r\x1b\[K2 pages[^\n]*$/);

  const file = progressTo(false);
  file.line.log('hello');
  expect(file.written()).toBe('hello\n');
});

test('the end is told once', () => {
  const { line, written } = progressTo(false);
  line.onLine(at(2, 4, 0));
  line.end();
  expect(written().match(/\n/g)).toHaveLength(1);
});

test('tells how far it is, once it has begun', () => {
  const { line } = progressTo(false);
  expect(line.reached).toBeUndefined();
  line.onLine(at(2, 4, 0));
  expect(line.reached).toEqual({ importId: 'i', pages: 2, records: 4, chunks: 0 });
});

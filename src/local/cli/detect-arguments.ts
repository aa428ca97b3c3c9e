import { resolve } from 'node:path';
import { CommandLine, requireOptionsOf } from './command-line';
import { UsageError } from './usage-error';

/** What the user asked `detect` for. */
export interface DetectArguments {
  readonly command: 'detect';
  readonly url: string;
  /** Names and values. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Absolute path; `undefined` for standard output. */
  readonly out: string | undefined;
  /** Whether an existing file may be replaced. */
  readonly force: boolean;
  readonly privateNetwork: boolean;
}

const HEADER = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*([^\r\n]*)$/;

/** @throws UsageError; its message contains no value */
export function detectArguments(line: CommandLine, [url, ...more]: readonly string[]): DetectArguments {
  requireOptionsOf('detect', line);
  if (url === undefined) throw new UsageError('no URL is given; write detect <URL>');
  if (more.length > 0) throw new UsageError('one URL is enough; write it in quotes');
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) throw new UsageError('this is no URL; write one such as https://api.example.com/orders');
  const { username, password } = new URL(url);
  if (username !== '' || password !== '') throw new UsageError('the URL has a user; write it as --header "Authorization: Basic ..."');
  const out = line.value('out');
  if (out === '') throw new UsageError('--out is empty; write --out FILE');
  return {
    command: 'detect',
    url,
    headers: line.values('header').map(headerOf),
    out: out === undefined ? undefined : resolve(out),
    force: line.has('force'),
    privateNetwork: line.has('private-network'),
  };
}

function headerOf(text: string): readonly [string, string] {
  const [, name, value] = HEADER.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new UsageError('--header is no header; write --header "Name: value"');
  return [name, value.trimEnd()];
}

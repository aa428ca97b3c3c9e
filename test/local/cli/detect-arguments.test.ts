import { join } from 'node:path';
import { readArguments } from '../../../src/local/cli/arguments';

const URL_OF_SOURCE = 'https://api.example.com/orders?a=1';

test('settings are printed, unless asked otherwise', () => {
  expect(readArguments(['detect', URL_OF_SOURCE])).toEqual({
    command: 'detect', url: URL_OF_SOURCE, headers: [], out: undefined, force: false, privateNetwork: false,
  });
  const args = ['--header', 'Authorization: Bearer a:b', '--header', 'X-Team:blue ', '--out', 'orders.http.json', '--force', '--private-network'];
  expect(readArguments(['detect', URL_OF_SOURCE, ...args])).toMatchObject({
    headers: [['Authorization', 'Bearer a:b'], ['X-Team', 'blue']], out: join(process.cwd(), 'orders.http.json'), force: true, privateNetwork: true,
  });
});

test.each<[string[], string]>([
  [[], 'no URL is given; write detect <URL>'],
  [['api.example.com'], 'this is no URL; write one such as https://api.example.com/orders'],
  [['ftp://api.example.com'], 'this is no URL; write one such as https://api.example.com/orders'],
  [['https://ada:hunter2@api.example.com'], 'the URL has a user; write it as --header "Authorization: Basic ..."'],
  [[URL_OF_SOURCE, 'b=2'], 'one URL is enough; write it in quotes'],
  [[URL_OF_SOURCE, '--header', 'hunter2'], '--header is no header; write --header "Name: value"'],
  [[URL_OF_SOURCE, '--header', 'X-A: b\r\nX-Other: c'], '--header is no header; write --header "Name: value"'],
  [[URL_OF_SOURCE, '--out', ''], '--out is empty; write --out FILE'],
  [[URL_OF_SOURCE, '--pages', '3'], '--pages is for preview, not for detect; leave it out'],
  [[URL_OF_SOURCE, '--json'], '--json is for run and preview, not for detect; leave it out'],
])('%j is refused, with what to write', (args, message) => {
  expect(() => readArguments(['detect', ...args])).toThrow(expect.objectContaining({ name: 'UsageError', message }));
});

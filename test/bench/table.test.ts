import { medianBy } from '../../bench/median';
import { table } from '../../bench/table';

test('a table is Markdown, with numbers to the right and names to the left', () => {
  const rows = [{ name: 'classic', seconds: 16.05 }, { name: 'this', seconds: 0.1 }];

  expect(table(rows, [['contender', ({ name }) => name], ['s', ({ seconds }) => seconds.toFixed(2)]]).split('\n')).toEqual([
    '| contender |     s |',
    '| --------- | ----: |',
    '| classic   | 16.05 |',
    '| this      |  0.10 |',
  ]);
});

test.each([
  [[3], 3],
  [[3, 1, 2], 2],
  [[4, 1, 3, 2], 2],
  [[10, 9], 9],
])('of %j the middle one is %d', (values, middle) => {
  expect(medianBy(values, (value) => value)).toBe(middle);
});

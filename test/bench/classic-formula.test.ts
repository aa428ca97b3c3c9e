import { ClassicFormula } from '../../bench/classic-formula';

const PAGE_SIZE = 25;

/** What a loop would take that needs so long for a page, and for a record that it reads and writes back. */
function points(secondsPerPage: number, secondsPerRecord: number): { pages: number; pageSize: number; seconds: number }[] {
  return [100, 200, 400, 800].map((pages) => {
    const moved = Array.from({ length: pages }, (_, index) => (index + 1) * PAGE_SIZE).reduce((sum, records) => sum + records, 0);
    return { pages, pageSize: PAGE_SIZE, seconds: secondsPerPage * pages + secondsPerRecord * moved };
  });
}

describe('the formula of the classic loop', () => {
  test('finds the two parts that the time is made of', () => {
    const formula = ClassicFormula.fit(points(0.002, 2e-6));

    expect(formula.secondsPerPage).toBeCloseTo(0.002, 9);
    expect(formula.secondsPerRecordMoved).toBeCloseTo(2e-6, 12);
  });

  test('says what other sizes take: ten times the pages, nearly a hundred times the time', () => {
    const formula = ClassicFormula.fit(points(0, 2e-6));

    expect(formula.seconds(8_000, PAGE_SIZE) / formula.seconds(800, PAGE_SIZE)).toBeCloseTo(100, 0);
    expect(formula.seconds(800, 2 * PAGE_SIZE)).toBeCloseTo(2 * formula.seconds(800, PAGE_SIZE), 9);
  });

  test('takes all of the time for that of the records where noise leaves nothing for the pages', () => {
    const formula = ClassicFormula.fit(points(-0.001, 2e-6));

    expect(formula.secondsPerPage).toBe(0);
    expect(formula.secondsPerRecordMoved).toBeGreaterThan(0);
    expect(formula.secondsPerRecordMoved).toBeLessThan(2e-6);
  });

  test('uses an invocation, two transitions, a GET and a PUT for each page', () => {
    const formula = ClassicFormula.fit(points(0.002, 2e-6));
    const usage = (pages: number) => formula.usage(pages, PAGE_SIZE, 0.05);
    const [some, more] = [usage(100), usage(101)];

    expect(more.invocations - some.invocations).toBe(1);
    expect(more.transitions - some.transitions).toBe(2);
    expect(more.readRequests - some.readRequests).toBe(1);
    expect(more.writeRequests - some.writeRequests).toBe(1);
    expect(some.gigabyteSeconds).toBeCloseTo(formula.seconds(100, PAGE_SIZE) + 100 * 0.05, 9);
  });
});

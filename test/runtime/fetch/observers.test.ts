import { TotalMismatch } from '../../../src/protocol/choices';
import { WarningCode } from '../../../src/protocol/import-warning';
import { withIsolatedObserver } from '../../../src/runtime/errors/isolated';
import { NO_OBSERVER, Observer } from '../../../src/runtime/ports/observer';
import { never, ScriptedSource, sequence } from '../../kit/scripted-source';
import { CACHE_BUCKET, DESTINATION_BUCKET, TestMachine, TestMachineOptions } from '../../kit/test-machine';
import { testWorld } from '../../kit/test-world';

/** An observer never affects what is published, or the error that an import fails with. */

const NAMES = Object.keys(NO_OBSERVER) as (keyof Observer)[];

const throws = (): never => {
  throw new Error('out of order');
};

/** Imports that call every method of an observer, except `warned` if nothing is published. */
const IMPORTS: Readonly<Record<string, Omit<TestMachineOptions, 'source'> & { readonly source: () => ScriptedSource }>> = {
  'with another total than records, where a warning is enough': {
    source: () => sequence(throws, { records: [1, 2], total: 3, hasMore: true }, throws, { records: [3, 4], hasMore: false }),
    onTotalMismatch: TotalMismatch.WARN,
  },
  'with another total than records': {
    source: () => sequence(throws, { records: [1, 2], total: 3, hasMore: true }, { records: [3, 4], hasMore: false }),
  },
  'of which a page fails for good': { source: () => sequence([1, 2], throws, throws), pageAttempts: 2 },
  'of which a page is never answered': { source: () => sequence([1, 2], never, never), pageAttempts: 1, remaining: 10_000 },
};

/** How an import ends, and everything that it leaves. */
async function endOf(name: string, observer: Partial<Observer>): Promise<unknown> {
  const { source, ...options } = IMPORTS[name]!;
  const machine = new TestMachine({ source: source(), ...options, observer });
  const end = await machine.run().catch((error: unknown) => ({ error: (error as Error).name, message: (error as Error).message }));
  return { end, left: await Promise.all([CACHE_BUCKET, DESTINATION_BUCKET].map((bucket) => contentOf(machine, bucket))) };
}

async function contentOf({ s3 }: TestMachine, bucket: string): Promise<(readonly [string, string])[]> {
  const store = s3.store(bucket);
  const content: (readonly [string, string])[] = [];
  for await (const key of store.list('')) content.push([key, Buffer.from((await store.read(key))!).toString()]);
  return content;
}

/** Counts its calls. */
function observing(then: () => void = () => {}): { readonly observer: Partial<Observer>; readonly told: Record<string, number> } {
  const told: Record<string, number> = {};
  const noting = (name: string) => () => {
    told[name] = (told[name] ?? 0) + 1;
    then();
  };
  return { observer: Object.fromEntries(NAMES.map((name) => [name, noting(name)])), told };
}

describe.each(Object.keys(IMPORTS))('an import %s', (name) => {
  test('ends in the same way with any observer', async () => {
    const { observer, told } = observing();

    await expect(endOf(name, observer)).resolves.toEqual(await endOf(name, {}));
    expect(told.pageDone).toBeGreaterThan(0);
    expect(told.attemptFailed).toBeGreaterThan(0);
  });

  test('ends in the same way if the observer fails', async () => {
    const warned = warnings();
    const willing = observing();
    const failing = observing(throws);

    await expect(endOf(name, failing.observer)).resolves.toEqual(await endOf(name, willing.observer));
    expect(failing.told).toEqual(willing.told);
    expect(warned().length).toBeGreaterThan(0);
  });
});

test('a warning is reported if a warning is enough', async () => {
  const { observer, told } = observing();
  await endOf('with another total than records, where a warning is enough', observer);

  expect(told.warned).toBe(1);
});

test('a failing observer is reported once, without secrets, and is still called', () => {
  const warned = warnings();
  const told: string[] = [];
  const { observer } = withIsolatedObserver(testWorld({
    observer: {
      warned: (importId) => {
        told.push(importId);
        throw new Error('GET https://metrics.example.com/?key=secret failed');
      },
    },
  }));
  const warning = { code: WarningCode.TOTAL_MISMATCH, message: 'Why?' };
  observer.warned('one', warning);
  observer.warned('two', warning);

  expect(told).toEqual(['one', 'two']);
  expect(warned()).toEqual([
    'An observer of the import has failed, which changes nothing for the import: Error: GET https://metrics.example.com/?key=[redacted] failed. Correct it.',
  ]);
});

/** The process's warnings, from now on. */
function warnings(): () => string[] {
  const emitted = jest.spyOn(process, 'emitWarning').mockImplementation();
  return () => emitted.mock.calls.map(([message]) => String(message));
}

afterEach(() => jest.restoreAllMocks());

import { TotalMismatch } from '../../../src/protocol/choices';
import { isolated } from '../../../src/runtime/errors/isolated';
import { never, ScriptedSource, sequence } from '../../kit/scripted-source';
import { CACHE_BUCKET, DESTINATION_BUCKET, TestMachine, TestMachineOptions } from '../../kit/test-machine';

/** What is published, and what an import fails with, hangs on what it was told, and never on who listens. */

type Listeners = Pick<TestMachineOptions, 'onPage' | 'onFailedAttempt' | 'onWarning'>;

const NAMES = ['onPage', 'onFailedAttempt', 'onWarning'] as const satisfies (keyof Listeners)[];

const throws = (): never => {
  throw new Error('out of order');
};

/** Imports in which each of the listeners is told of something, but for warnings where nothing is published. */
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

/** How an import ends, and all that it leaves. */
async function endOf(name: string, listeners: Listeners): Promise<unknown> {
  const { source, ...options } = IMPORTS[name]!;
  const machine = new TestMachine({ source: source(), ...options, ...listeners });
  const end = await machine.run().catch((error: unknown) => ({ error: (error as Error).name, message: (error as Error).message }));
  return { end, left: await Promise.all([CACHE_BUCKET, DESTINATION_BUCKET].map((bucket) => contentOf(machine, bucket))) };
}

async function contentOf({ s3 }: TestMachine, bucket: string): Promise<(readonly [string, string])[]> {
  const store = s3.store(bucket);
  const content: (readonly [string, string])[] = [];
  for await (const key of store.list('')) content.push([key, Buffer.from((await store.read(key))!).toString()]);
  return content;
}

/** All of them, counting what they are told. */
function listening(then: () => void = () => {}): { readonly listeners: Listeners; readonly told: Record<string, number> } {
  const told: Record<string, number> = {};
  const listener = (name: string) => () => {
    told[name] = (told[name] ?? 0) + 1;
    then();
  };
  return { listeners: Object.fromEntries(NAMES.map((name) => [name, listener(name)])), told };
}

describe.each(Object.keys(IMPORTS))('an import %s', (name) => {
  test('ends alike, whoever listens', async () => {
    const { listeners, told } = listening();

    await expect(endOf(name, listeners)).resolves.toEqual(await endOf(name, {}));
    expect(told.onPage).toBeGreaterThan(0);
    expect(told.onFailedAttempt).toBeGreaterThan(0);
  });

  test('ends alike where all that listens fails', async () => {
    const warned = warnings();
    const willing = listening();
    const failing = listening(throws);

    await expect(endOf(name, failing.listeners)).resolves.toEqual(await endOf(name, willing.listeners));
    expect(failing.told).toEqual(willing.told);
    expect(warned().length).toBeGreaterThan(0);
  });
});

test('a warning is told where it is enough', async () => {
  const { listeners, told } = listening();
  await endOf('with another total than records, where a warning is enough', listeners);

  expect(told.onWarning).toBe(1);
});

describe('a listener that fails', () => {
  test('is reported once, without secrets, and is told of what comes next', () => {
    const warned = warnings();
    const told: string[] = [];
    const listener = isolated((what: string) => {
      told.push(what);
      throw new Error('GET https://metrics.example.com/?key=secret failed');
    });
    listener('one');
    listener('two');

    expect(told).toEqual(['one', 'two']);
    expect(warned()).toEqual([
      'A listener of the import has failed, which changes nothing for the import: Error: GET https://metrics.example.com/?key=[redacted] failed. Correct it.',
    ]);
  });

  test('is none where nobody listens', () => {
    expect(() => isolated(undefined)()).not.toThrow();
  });
});

/** The process's warnings from now on. */
function warnings(): () => string[] {
  const emitted = jest.spyOn(process, 'emitWarning').mockImplementation();
  return () => emitted.mock.calls.map(([message]) => String(message));
}

afterEach(() => jest.restoreAllMocks());

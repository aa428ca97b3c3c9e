import { EventEmitter } from 'node:events';
import { StrayErrors } from '../../../src/runtime/sources/stray-errors';

const never = async (): Promise<never> => new Promise(() => {});
const EVENTS = ['uncaughtException', 'unhandledRejection'];

/** A process whose listeners note what they are told, as Lambda's runtime listens. */
function processWithRuntime(): { readonly emitter: EventEmitter; readonly told: unknown[] } {
  const emitter = new EventEmitter();
  const told: unknown[] = [];
  EVENTS.forEach((event) => emitter.on(event, (error) => told.push([event, error])));
  return { emitter, told };
}

test.each(EVENTS)('%s ends the page that is out, whose handler may never answer, and is not told to the runtime', async (event) => {
  const { emitter, told } = processWithRuntime();
  const stray = new StrayErrors(emitter);
  const page = stray.interrupting(never);
  emitter.emit(event, 'late');

  await expect(page).rejects.toMatchObject({ by: event, thrown: 'late' });
  expect(told).toEqual([]);
});

test('a page that is in order comes through', async () => {
  const stray = new StrayErrors(new EventEmitter());

  await expect(stray.interrupting(async () => 'page')).resolves.toBe('page');
  await expect(stray.interrupting(async () => Promise.reject(new Error('no page')))).rejects.toThrow('no page');
  expect(stray.first).toBeUndefined();
});

test('what is thrown between two pages ends the next one before it is asked for', async () => {
  const { emitter, told } = processWithRuntime();
  const stray = new StrayErrors(emitter);
  await stray.interrupting(async () => 'page 1');
  emitter.emit('unhandledRejection', 'between');
  const asked = jest.fn(never);

  await expect(stray.interrupting(asked)).rejects.toMatchObject({ thrown: 'between' });
  expect(asked).not.toHaveBeenCalled();
  expect(told).toEqual([]);
});

test('before the first page and after the invocation, the runtime is told as if nobody else were there', async () => {
  const { emitter, told } = processWithRuntime();
  const before = EVENTS.map((event) => emitter.rawListeners(event));
  const stray = new StrayErrors(emitter);
  emitter.emit('uncaughtException', 'before');
  await stray.interrupting(async () => 'page');
  stray.release();
  emitter.emit('unhandledRejection', 'after');

  expect(told).toEqual([['uncaughtException', 'before'], ['unhandledRejection', 'after']]);
  expect(EVENTS.map((event) => emitter.rawListeners(event))).toEqual(before);
  expect(stray.first).toBeUndefined();
});

test('it watches again in the next invocation', async () => {
  const { emitter, told } = processWithRuntime();
  const stray = new StrayErrors(emitter);
  await stray.interrupting(async () => 'page');
  stray.release();
  const page = stray.interrupting(never);
  emitter.emit('uncaughtException', 'late');

  await expect(page).rejects.toMatchObject({ thrown: 'late' });
  expect(told).toEqual([]);
});

test('the first error is the one that is told, and none that follows until the process has ended hides it', async () => {
  const { emitter, told } = processWithRuntime();
  const stray = new StrayErrors(emitter);
  const page = stray.interrupting(never);
  emitter.emit('uncaughtException', 'first');
  emitter.emit('uncaughtException', 'second');
  stray.release();
  emitter.emit('unhandledRejection', 'third');

  await expect(page).rejects.toMatchObject({ thrown: 'first' });
  expect(stray.first).toMatchObject({ thrown: 'first' });
  expect(told).toEqual([]);
});

test('listeners that the handler\'s module has added itself are told, too', async () => {
  const { emitter } = processWithRuntime();
  const stray = new StrayErrors(emitter);
  const told: unknown[] = [];
  const page = stray.interrupting(async () => {
    emitter.on('uncaughtException', (error) => told.push(error));
    return never();
  });
  emitter.emit('uncaughtException', 'late');

  await expect(page).rejects.toMatchObject({ thrown: 'late' });
  expect(told).toEqual(['late']);
});

import { EventEmitter } from 'node:events';
import { StrayErrors } from '../../../src/runtime/sources/stray-errors';

const never = async (): Promise<never> => new Promise(() => {});
const EVENTS = ['uncaughtException', 'unhandledRejection'];

/** A process whose listeners record their events, like Lambda's runtime. */
function processWithRuntime(): { readonly emitter: EventEmitter; readonly told: unknown[] } {
  const emitter = new EventEmitter();
  const told: unknown[] = [];
  EVENTS.forEach((event) => emitter.on(event, (error) => told.push([event, error])));
  return { emitter, told };
}

test.each(EVENTS)('%s ends the page under way, whose handler may never answer, and does not reach the runtime', async (event) => {
  const { emitter, told } = processWithRuntime();
  const stray = new StrayErrors(emitter);
  const page = stray.interrupting(never);
  emitter.emit(event, 'late');

  await expect(page).rejects.toMatchObject({ by: event, thrown: 'late' });
  expect(told).toEqual([]);
});

test('a page without errors succeeds', async () => {
  const stray = new StrayErrors(new EventEmitter());

  await expect(stray.interrupting(async () => 'page')).resolves.toBe('page');
  await expect(stray.interrupting(async () => Promise.reject(new Error('no page')))).rejects.toThrow('no page');
  expect(stray.first).toBeUndefined();
});

test('an error between two pages ends the next one before it is requested', async () => {
  const { emitter, told } = processWithRuntime();
  const stray = new StrayErrors(emitter);
  await stray.interrupting(async () => 'page 1');
  emitter.emit('unhandledRejection', 'between');
  const asked = jest.fn(never);

  await expect(stray.interrupting(asked)).rejects.toMatchObject({ thrown: 'between' });
  expect(asked).not.toHaveBeenCalled();
  expect(told).toEqual([]);
});

test('before the first page and after the invocation, errors reach the runtime as usual', async () => {
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

test('it listens again in the next invocation', async () => {
  const { emitter, told } = processWithRuntime();
  const stray = new StrayErrors(emitter);
  await stray.interrupting(async () => 'page');
  stray.release();
  const page = stray.interrupting(never);
  emitter.emit('uncaughtException', 'late');

  await expect(page).rejects.toMatchObject({ thrown: 'late' });
  expect(told).toEqual([]);
});

test('the first error is reported, and later ones do not hide it', async () => {
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

test('listeners added by the handler\'s module are called, too', async () => {
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

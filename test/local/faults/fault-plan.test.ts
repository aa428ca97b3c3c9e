import { Resource } from '../../../src/local/assembly/resource';
import { Fault } from '../../../src/local/faults/fault';
import { FaultPlan } from '../../../src/local/faults/fault-plan';
import { PageRequest } from '../../../src/local/faults/instruction';
import { InterceptedRequest, Intervention } from '../../../src/local/s3/interceptor';
import { CommitRecord, NEW_LOOP_GUARD, NO_STREAM_TOTALS } from '../../../src/protocol/commit-record';
import { NEW_COUNT_GUARD } from '../../../src/protocol/count-guard-state';
import { FIRST_POSITION } from '../../../src/protocol/fetch-contract';
import { encodeFile, FORMAT_VERSION } from '../../../src/protocol/file-format';
import { ImportKeys } from '../../../src/protocol/keys';
import { perStream } from '../../../src/protocol/streams';
import { SERIES } from '../../kit/series';

/** Which pages and which commits a fault strikes, without the cloud around it. */

const IMPORT = 'import-1';

/** A plan that knows of one import or several, and what has been killed of them. */
class TestPlan {
  readonly plan: FaultPlan;
  /** Imports whose processes are ordered to end. */
  readonly dying: string[] = [];
  /** Imports whose processes have ended. */
  readonly dead: string[] = [];

  constructor(...faults: Fault[]) {
    this.plan = new FaultPlan(faults);
  }

  /** Begins to work on an import, whose first page is asked for. */
  async begin(importId = IMPORT, input: unknown = {}, machine = 'Orders'): Promise<void> {
    const resource = { path: `Stack/${machine}/Import/Functions/Fetch/Function` } as Resource;
    const kill = async (killed: string): Promise<void> => {
      this.dying.push(machine === 'Orders' ? killed : `${killed} of ${machine}`);
      await new Promise((resolve) => setImmediate(resolve));
      this.dead.push(killed);
    };
    this.plan.noteWork(importId, { resource, series: SERIES, kill });
    await this.plan.instruct(page(1, { importId, input }));
  }

  /** A PUT of the record with these pages. */
  async commit(firstPage: number, lastPage: number, importId = IMPORT): Promise<Intervention | undefined> {
    return this.plan.intervene(put(new ImportKeys(SERIES, importId).commit(firstPage - 1), recordOf(firstPage, lastPage, importId)));
  }

  injected(): string[] {
    return this.plan.injected.map(({ fault, importId, pageNumber }) => `${fault.effect.kind} ${importId} ${pageNumber}`);
  }
}

function page(pageNumber: number, of: Partial<PageRequest> = {}): PageRequest {
  return { importId: IMPORT, pageNumber, pageToken: null, input: {}, ...of };
}

function recordOf(firstPage: number, lastPage: number, importId: string): CommitRecord {
  return {
    formatVersion: FORMAT_VERSION, importId, index: firstPage - 1, writerId: 'w', previousWriterId: null, firstPage, lastPage,
    start: FIRST_POSITION, end: null,
    streams: perStream(() => ({ chunk: null, ledger: [], totals: NO_STREAM_TOTALS })),
    loopGuard: NEW_LOOP_GUARD, countGuard: NEW_COUNT_GUARD, final: false,
  };
}

function put(key: string, file: object, operation = 'PutObject'): InterceptedRequest {
  const body = Buffer.from(encodeFile(file));
  return { operation, method: 'PUT', bucket: 'b', key, query: {}, headers: {}, bytes: body.byteLength, body: () => body };
}

async function begun(...faults: Fault[]): Promise<TestPlan> {
  const tested = new TestPlan(...faults);
  await tested.begin();
  return tested;
}

describe('a process dies at the commit that holds the page, wherever in it', () => {
  test.each([[3, 3], [2, 4], [3, 7], [1, 3]])('pages %d to %d', async (firstPage, lastPage) => {
    const tested = await begun(Fault.killBeforeCommit({ page: 3 }));
    expect(await tested.commit(firstPage, lastPage)).toEqual({ kind: 'cut' });
    expect(tested.injected()).toEqual([`killBeforeCommit ${IMPORT} 3`]);
  });

  test.each([[1, 2], [4, 9]])('and not at that of pages %d to %d', async (firstPage, lastPage) => {
    const tested = await begun(Fault.killBeforeCommit({ page: 3 }), Fault.killAfterCommit({ page: 3 }));
    expect(await tested.commit(firstPage, lastPage)).toBeUndefined();
    expect({ injected: tested.injected(), dying: tested.dying }).toEqual({ injected: [], dying: [] });
  });
});

test('before the commit: the process has ended when the request is cut', async () => {
  const tested = await begun(Fault.killBeforeCommit({ page: 1 }));
  expect(await tested.commit(1, 1)).toEqual({ kind: 'cut' });
  expect(tested.dead).toEqual([IMPORT]);
});

test('after the commit: the reply is held until the process has ended', async () => {
  const tested = await begun(Fault.killAfterCommit({ page: 1 }));
  const intervention = await tested.commit(1, 1);
  expect(intervention).toMatchObject({ kind: 'hold-reply' });
  expect({ dying: tested.dying, dead: tested.dead }).toEqual({ dying: [IMPORT], dead: [] });
  await (intervention as Intervention & { kind: 'hold-reply' }).until;
  expect(tested.dead).toEqual([IMPORT]);
});

test('commits of another import, and what is no commit, are let through', async () => {
  const tested = await begun(Fault.killBeforeCommit({ page: 1 }));
  const keys = new ImportKeys(SERIES, IMPORT);
  expect(await tested.commit(1, 1, 'import-2')).toBeUndefined();
  expect(await tested.plan.intervene(put(keys.chunk(0, 'uuid', 'jsonl'), {}))).toBeUndefined();
  expect(await tested.plan.intervene(put(keys.commit(0), recordOf(1, 1, IMPORT), 'GetObject'))).toBeUndefined();
  expect(tested.injected()).toEqual([]);
});

test('an import that another machine has resumed dies there, and meets the faults that are aimed at that machine', async () => {
  const tested = new TestPlan(Fault.killBeforeCommit({ page: 2, import: 'Stack/Resumed' }), Fault.killBeforeCommit({ page: 3 }));
  await tested.begin();
  expect(await tested.commit(2, 2)).toBeUndefined();
  await tested.begin(IMPORT, {}, 'Resumed');
  expect(await tested.commit(2, 2)).toEqual({ kind: 'cut' });
  expect(await tested.commit(3, 3)).toEqual({ kind: 'cut' });
  expect(tested.dying).toEqual([`${IMPORT} of Resumed`, `${IMPORT} of Resumed`]);
});

test('of several that are due, the first one strikes, each as often as it is to, in each import', async () => {
  const tested = await begun(Fault.killAfterCommit({ page: 2, times: 2 }), Fault.killBeforeCommit({ page: 1 }));
  await tested.begin('import-2');
  const kinds = [];
  for (let time = 0; time < 4; time++) kinds.push((await tested.commit(1, 2))?.kind);
  expect(kinds).toEqual(['hold-reply', 'hold-reply', 'cut', undefined]);
  expect(await tested.commit(1, 2, 'import-2')).toMatchObject({ kind: 'hold-reply' });
  expect(tested.dying).toEqual([IMPORT, IMPORT, IMPORT, 'import-2']);
});

test('an error at a page stands back behind the one before it, for one attempt', async () => {
  const tested = await begun(Fault.timeout({ page: 2 }), Fault.serverError({ page: 2, status: 599 }));
  expect(await tested.plan.instruct(page(2))).toMatchObject({ kind: 'throw', name: 'TimeoutError' });
  expect(await tested.plan.instruct(page(2))).toMatchObject({ kind: 'throw', message: '599 Server Error: Fault.serverError at page 2' });
  expect(await tested.plan.instruct(page(2))).toBeUndefined();
});

test('an altered answer counts when there was one to alter', async () => {
  const tested = await begun(Fault.oversizePage({ page: 2 }));
  const instruction = await tested.plan.instruct(page(2));
  expect(instruction).toEqual({ fault: 0, kind: 'oversize' });
  expect(tested.injected()).toEqual([]);
  // The handler has asked for a pause: the fault is still due.
  expect(await tested.plan.instruct(page(2))).toEqual(instruction);
  await tested.plan.noteInjected(0, page(2));
  expect(tested.injected()).toEqual([`oversizePage ${IMPORT} 2`]);
  expect(await tested.plan.instruct(page(2))).toBeUndefined();
});

test('a circle of tokens ends with the token of its first page, whenever its last page comes around', async () => {
  const tested = await begun(Fault.repeatedToken({ page: 3, cycleLength: 2 }));
  const repeat = { fault: 0, kind: 'repeat-token', token: 'two' };
  expect(await tested.plan.instruct(page(2, { pageToken: 'two' }))).toBeUndefined();
  expect(await tested.plan.instruct(page(3, { pageToken: { at: 3 } }))).toEqual(repeat);
  expect(await tested.plan.instruct(page(4, { pageToken: 'two' }))).toBeUndefined();
  expect(await tested.plan.instruct(page(5, { pageToken: { at: 3 } }))).toEqual(repeat);
});

test('a fault that has struck one import has struck', async () => {
  const late = Fault.timeout({ page: 9 });
  const tested = await begun(Fault.killBeforeCommit({ page: 1 }), late);
  await tested.begin('import-2');
  await tested.commit(1, 1);
  expect(tested.plan.notInjected).toEqual([late]);
});

test('the condition is asked once for each import, and holds for its commits', async () => {
  const asked: unknown[] = [];
  const whenInput = (input: unknown): boolean => asked.push(input) > 1;
  const tested = new TestPlan(Fault.killBeforeCommit({ page: 1, whenInput }));
  await tested.begin('spared', 'one');
  await tested.begin('struck', 'other');
  await tested.plan.instruct(page(2, { importId: 'spared', input: 'one' }));
  expect(await tested.commit(1, 2, 'spared')).toBeUndefined();
  expect(await tested.commit(1, 2, 'struck')).toEqual({ kind: 'cut' });
  expect(asked).toEqual(['one', 'other']);
});

test('an import that no fetch function has begun with is left alone', async () => {
  const { plan } = new TestPlan(Fault.timeout({ page: 1 }));
  expect(plan.knows(IMPORT)).toBe(false);
  expect(await plan.instruct(page(1))).toBeUndefined();
});

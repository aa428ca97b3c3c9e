import type { ExecutionEvent } from 'cdk-paginated-import/local';
import { LocalCloud } from 'cdk-paginated-import/local';
import type { Contender, ContenderSetup, Invocation } from './contender.mts';

/** The last line that the source writes in an import. */
interface SourceLine {
  readonly sourceSeconds: number;
}

interface ImportOutput {
  readonly key: string;
  readonly records: number;
}

/**
 * This package's whole machine, Initialize to CleanUp: the synthesized definition and the shipped bundles, in the local runner. Its
 * functions use the S3 server that all contenders use.
 */
export async function wholeMachine({ assembly, functions }: ContenderSetup): Promise<Contender> {
  const environment = { AWS_ENDPOINT_URL_S3: process.env.AWS_ENDPOINT_URL_S3! };
  let sourceSeconds = 0;
  const cloud = await LocalCloud.start({
    assembly,
    overrides: Object.fromEntries(functions.map((path) => [path, { environment }])),
    onLine: ({ text }) => { sourceSeconds = sourceLine(text)?.sourceSeconds ?? sourceSeconds; },
  });
  return async ({ pages, pageSize, pageMilliseconds }) => {
    const history = new InvocationHistory();
    const execution = cloud.startExecution(`PagesOf${pageSize}/StateMachine`, { pages, pageMilliseconds }, {
      onEvent: (event) => history.note(event),
    });
    const { status, output, cause } = await execution.result();
    if (status !== 'SUCCEEDED') throw new Error(`The import ended as ${status}: ${cause}`);
    const { key, records } = output as unknown as ImportOutput;
    if (records !== pages * pageSize) throw new Error(`The import has ${records} records instead of ${pages * pageSize}.`);
    return { key, sourceSeconds, transitions: history.transitions, invocations: history.invocations };
  };
}

/** Measures times from the history of an execution and its children. */
class InvocationHistory {
  public transitions = 0;
  public readonly invocations: Invocation[] = [];
  private readonly startedAt = new Map<string, number>();

  public note({ type, state = '', executionArn }: ExecutionEvent): void {
    const task = `${executionArn} ${state}`;
    if (type.endsWith('StateEntered')) this.transitions += 1;
    if (type === 'TaskStarted') this.startedAt.set(task, performance.now());
    if (type === 'TaskSucceeded' || type === 'TaskFailed') {
      this.invocations.push({ state, seconds: (performance.now() - this.startedAt.get(task)!) / 1000 });
    }
  }
}

function sourceLine(text: string): SourceLine | undefined {
  return text.startsWith('{"sourceSeconds"') ? JSON.parse(text) as SourceLine : undefined;
}

import { EnvironmentVariable } from '../../protocol/environment';
import { FetchRequest } from '../../protocol/machine-state';
import { Series } from '../../protocol/series';
import { Resource } from '../assembly/resource';
import { FunctionDefinition } from '../lambda/function-definition';
import { InvocationOutcome, InvokableFunction } from '../lambda/invocation';
import { LocalFunction, LocalFunctionOptions } from '../lambda/local-function';
import { portTo } from './desk-port';
import { FaultPlan, ImportWorker } from './fault-plan';
import { FaultySourceFolder } from './faulty-source-folder';

/** Whether a function is an import's fetch function, according to its environment variables. */
export function isFetchFunction({ properties }: Resource): boolean {
  const { Variables = {} } = (properties.Environment ?? {}) as { Variables?: Record<string, unknown> };
  return EnvironmentVariable.CHUNK_BYTES in Variables && EnvironmentVariable.PAGE_ATTEMPTS in Variables;
}

/** The fetch function of an import, under faults. */
export class FaultyFetchFunction implements InvokableFunction, ImportWorker {
  readonly name: string;
  readonly arn: string;
  readonly series: Series;
  private readonly folder: FaultySourceFolder | undefined;
  private readonly inner: LocalFunction;

  constructor(
    readonly resource: Resource, definition: FunctionDefinition, private readonly plan: FaultPlan, options: LocalFunctionOptions,
  ) {
    this.name = definition.name;
    this.arn = definition.arn;
    this.series = seriesOf(definition);
    this.folder = sourceFolderOf(definition);
    const timeoutSeconds = plan.functionTimeoutSeconds(resource) ?? definition.timeoutSeconds;
    const underFaults = { ...withFolder(definition, this.folder), timeoutSeconds };
    this.inner = new LocalFunction(underFaults, { ...options, openFaultDesk: () => portTo(plan) });
  }

  async invoke(payload: string): Promise<InvocationOutcome> {
    const importId = importIdOf(JSON.parse(payload));
    if (importId !== undefined) this.plan.noteWork(importId, this);
    return this.inner.invoke(payload);
  }

  async kill(importId: string): Promise<void> {
    await this.inner.kill((payload) => importIdOf(payload) === importId);
  }

  async close(): Promise<void> {
    await this.inner.close();
    await this.folder?.remove();
  }
}

function importIdOf(payload: unknown): string | undefined {
  return (payload as Partial<FetchRequest> | null)?.state?.importId;
}

/** If the handler is a separate function, the faults wrap that function. */
function sourceFolderOf({ code, environment }: FunctionDefinition): FaultySourceFolder | undefined {
  const isModule = environment[EnvironmentVariable.FETCH_PAGE_FUNCTION] === undefined;
  return isModule && 'directory' in code ? new FaultySourceFolder(code.directory) : undefined;
}

/** Keeps Lambda's variable for the code folder, since the handler may use it to read its files. */
function withFolder(definition: FunctionDefinition, folder: FaultySourceFolder | undefined): FunctionDefinition {
  const { code, environment } = definition;
  if (folder === undefined || !('directory' in code)) return definition;
  return { ...definition, code: { directory: folder.directory }, environment: { LAMBDA_TASK_ROOT: code.directory, ...environment } };
}

function seriesOf({ environment }: FunctionDefinition): Series {
  const { [EnvironmentVariable.CACHE_PREFIX]: cachePrefix = '', [EnvironmentVariable.SERIES]: name = '', [EnvironmentVariable.OWNER]: owner = '' } = environment;
  return { cachePrefix, name, owner };
}

import { randomUUID } from 'node:crypto';
import type { MessagePort } from 'node:worker_threads';
import { CodeFolder } from './code-folder';
import { FunctionDefinition } from './function-definition';
import { LambdaErrorType } from './function-error';
import { answered, failed, FunctionLogLine, InvocationOutcome, InvokableFunction } from './invocation';
import { Sandbox, SandboxEvent, within } from './sandbox';
import { sandboxEnvironment } from './sandbox-environment';

export interface LocalFunctionOptions {
  /** Endpoints of AWS services, as environment variables. */
  readonly endpoints?: Readonly<Record<string, string>>;
  /** Receives every line that the function writes. */
  readonly onLine?: (line: FunctionLogLine) => void;
  /** Opens a port to the fault desk, which decides about each page request. Called once per thread. */
  readonly openFaultDesk?: () => MessagePort;
}

/** Time limit for loading a function's modules. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html */
const INIT_MILLISECONDS = 10_000;

/**
 * A Node.js Lambda function in threads of this process: one per concurrent invocation, reused by later ones, like Lambda's execution
 * environments.
 */
export class LocalFunction implements InvokableFunction {
  readonly name: string;
  readonly arn: string;
  private readonly code: CodeFolder;
  private readonly sandboxes = new Set<Sandbox>();
  private readonly warm: Sandbox[] = [];
  /** Payloads of the running invocations. */
  private readonly running = new Map<Sandbox, string>();

  constructor(private readonly definition: FunctionDefinition, private readonly options: LocalFunctionOptions = {}) {
    this.name = definition.name;
    this.arn = definition.arn;
    this.code = new CodeFolder(definition.code);
  }

  async invoke(payload: string): Promise<InvocationOutcome> {
    const requestId = randomUUID();
    const sandbox = this.warmSandbox() ?? this.startSandbox();
    sandbox.idle(false);
    this.running.set(sandbox, payload);
    const event = await this.run(sandbox, payload, requestId);
    this.running.delete(sandbox);
    if (sandbox.ended || event.kind === 'timed-out') await this.discard(sandbox);
    else this.keepWarm(sandbox);
    return this.outcome(requestId, event);
  }

  /** Kills the environments of the invocations whose payload matches, like a signal kills a process. */
  async kill(isMeant: (payload: unknown) => boolean): Promise<void> {
    const meant = [...this.running].filter(([, payload]) => isMeant(JSON.parse(payload))).map(([sandbox]) => sandbox);
    await Promise.all(meant.map(async (sandbox) => sandbox.kill()));
  }

  async close(): Promise<void> {
    await Promise.all([...this.sandboxes].map(async (sandbox) => this.discard(sandbox)));
    await this.code.remove();
  }

  private async run(sandbox: Sandbox, payload: string, requestId: string): Promise<SandboxEvent> {
    const timeout = this.definition.timeoutSeconds * 1000;
    const started = await within(INIT_MILLISECONDS + timeout, sandbox.started);
    if (started.kind !== 'ready') return started;
    return within(timeout, sandbox.run({ payload, requestId, functionArn: this.arn, deadline: Date.now() + timeout }));
  }

  private startSandbox(): Sandbox {
    const { definition, options } = this;
    const codeDirectory = this.code.directory();
    const logStream = `${new Date().toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${randomUUID().replaceAll('-', '')}`;
    const sandbox = new Sandbox({
      codeDirectory,
      handler: definition.handler,
      runtime: definition.runtime,
      memoryMegabytes: definition.memoryMegabytes,
      environment: sandboxEnvironment(definition, codeDirectory, logStream, options.endpoints ?? {}),
      onLine: (stream, text) => options.onLine?.({ functionName: definition.name, stream, text }),
      faultDesk: options.openFaultDesk?.(),
    });
    this.sandboxes.add(sandbox);
    return sandbox;
  }

  private warmSandbox(): Sandbox | undefined {
    const sandbox = this.warm.pop();
    if (!sandbox?.ended) return sandbox;
    void this.discard(sandbox);
    return this.warmSandbox();
  }

  private keepWarm(sandbox: Sandbox): void {
    sandbox.idle(true);
    this.warm.push(sandbox);
  }

  private async discard(sandbox: Sandbox): Promise<void> {
    this.sandboxes.delete(sandbox);
    await sandbox.terminate();
  }

  private outcome(requestId: string, event: SandboxEvent): InvocationOutcome {
    const reportedBy = `RequestId: ${requestId} Error: `;
    switch (event.kind) {
      case 'response':
        return answered(requestId, event.payload);
      case 'failed':
      case 'crashed':
      case 'not-ready':
        return failed(requestId, event.error);
      case 'timed-out':
        return failed(requestId, {
          errorType: LambdaErrorType.TIMED_OUT,
          errorMessage: `${reportedBy}Task timed out after ${this.definition.timeoutSeconds.toFixed(2)} seconds`,
        });
      case 'out-of-memory':
        return failed(requestId, {
          errorType: LambdaErrorType.OUT_OF_MEMORY, errorMessage: `${reportedBy}Runtime exited with error: signal: killed`,
        });
      default:
        return failed(requestId, { errorType: LambdaErrorType.EXIT, errorMessage: `${reportedBy}Runtime exited ${reason(event)}` });
    }
  }
}

function reason(event: SandboxEvent): string {
  if (event.kind === 'killed') return 'with error: signal: killed';
  const code = event.kind === 'exited' ? event.code : 1;
  return code === 0 ? 'without providing a reason' : `with error: exit status ${code}`;
}

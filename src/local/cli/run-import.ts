import { EnvironmentVariable } from '../../protocol/environment';
import { ImportResult } from '../../protocol/machine-state';
import { ExecutionResult, FunctionOverrides, ImportProgress, LocalCloud, ProgressLine } from '../index';
import { RunArguments } from './arguments';
import { ExitCode } from './exit-code';
import { Interruption } from './interruption';
import { show } from './log-line';
import { OutputFiles } from './output-files';
import { reportFailure, reportInterruption, reportSuccess } from './report';
import { runAssembly } from './run-assembly';
import { writeSourceFolder } from './source-folder';
import { TemporaryFiles } from './temporary-files';

/** The app's functions by their construct paths. */
const INITIALIZE = 'Functions/Initialize/Function';
const FETCH = 'Functions/Fetch/Function';
const PERSIST = 'Functions/Persist/Function';

/** The app's import. */
const IMPORT = 'Run/Import';

/** Seconds between progress lines. */
const PROGRESS_SECONDS = '0.2';

/**
 * Runs the import and writes its records and manifest. Resolves with the exit code.
 *
 * @throws UsageError if the files cannot be written, or the source is not a module
 */
export async function runImport(request: RunArguments): Promise<ExitCode> {
  using temporary = new TemporaryFiles();
  using interruption = new Interruption();
  const codeDirectory = temporary.folder();
  const source = writeSourceFolder(request.source, codeDirectory);
  const files = new OutputFiles(request.out, { force: request.force, sources: source.sources, temporary });
  const assembly = runAssembly(request.output, temporary);
  const { result, file, reached } = await importWith({ ...request, assembly, codeDirectory, files, signal: interruption.signal });
  const report = { json: request.json, reached };
  if (file !== undefined) {
    reportSuccess(result, file, report);
    return ExitCode.SUCCEEDED;
  }
  if (interruption.exitCode === undefined) reportFailure(result, report, source.withoutEsbuild);
  else reportInterruption(report);
  return interruption.exitCode ?? ExitCode.FAILED;
}

interface ImportSetup extends Pick<RunArguments, 'pageSize' | 'input' | 'environment' | 'guards'> {
  readonly assembly: string;
  readonly codeDirectory: string;
  readonly files: OutputFiles;
  /** Ends the import. */
  readonly signal: AbortSignal;
}

interface ImportEnd {
  readonly result: ExecutionResult;
  /** File with the records; `undefined` if the import failed or was stopped. */
  readonly file?: string;
  readonly reached?: ImportProgress;
}

/** Resolves when everything has ended and all the source's log output is shown. */
async function importWith({ assembly, input, files, signal, ...setup }: ImportSetup): Promise<ImportEnd> {
  const progress = new ProgressLine(process.stderr);
  await using cloud = await LocalCloud.start({ assembly, onLine: (line) => show(line, progress), overrides: overridesFor(setup) });
  const result = await cloud.startExecution(IMPORT, input, { onEvent: progress.onEvent, signal }).result();
  progress.end();
  const { reached } = progress;
  if (result.status !== 'SUCCEEDED') return { result, reached };
  return { result, reached, file: await files.write(cloud.s3, result.output as unknown as ImportResult, signal) };
}

type FunctionSetup = Pick<ImportSetup, 'pageSize' | 'environment' | 'guards' | 'codeDirectory'>;

function overridesFor({ pageSize, environment, guards, codeDirectory }: FunctionSetup): Record<string, FunctionOverrides> {
  return {
    [INITIALIZE]: { environment: { [EnvironmentVariable.PAGE_SIZE]: String(pageSize) } },
    [FETCH]: {
      codeDirectory,
      environment: { ...environment, ...guards, [EnvironmentVariable.PROGRESS_INTERVAL_SECONDS]: PROGRESS_SECONDS },
    },
    [PERSIST]: { environment: guards },
  };
}

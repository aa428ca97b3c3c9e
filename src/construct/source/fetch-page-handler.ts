import * as fs from 'node:fs';
import * as path from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { EnvironmentVariable, SOURCE_MODULE_FILE } from '../../protocol/environment';
import { Brand, mark } from '../base/brand';
import { checkKind, checkOptions, slipsIn } from '../base/check-options';
import { Kinds, LAMBDA_CODE, LAMBDA_FUNCTION, listOf, mapOf, options as optionsKind, required, SWITCH, text } from '../base/kinds';
import { warnOfSlips } from '../base/warnings';
import { BUNDLE_FILE, bundleFolder, LambdaBundle } from '../bundles/lambda-bundle';
import { checkLoads } from './loaded-source';
import { linkProblem, NO_DEFAULT_EXPORT } from './module-links';
import { addLoop, bundleSource, checkedEntry, REMEDY } from './source-bundle';

/** How the module of `FetchPageHandler.fromEntry` is bundled by esbuild. */
export interface SourceEntryOptions {
  /**
   * Packages that are not bundled, since they are there at run time: in a layer, or in Lambda's own runtime, as `@aws-sdk/*` is.
   *
   * @default - everything is bundled
   */
  readonly external?: string[];

  /**
   * Expressions that are replaced when the module is bundled, each by a JavaScript expression: `{ 'process.env.STAGE': '"prod"' }`.
   *
   * @default - none
   */
  readonly define?: { [expression: string]: string };

  /**
   * Whether the code is minified, which keeps the names of functions and classes. Worth it for large modules only.
   *
   * @default false
   */
  readonly minify?: boolean;

  /**
   * Whether a source map is deployed beside the code and used for stack traces.
   *
   * @default false
   */
  readonly sourceMap?: boolean;

  /**
   * Whether the bundled module is loaded at synth, to see that its default export is a handler. It runs in a process of its own, from a
   * temporary folder, for at most 30 seconds: without AWS credentials, and without your environment variables and those of the fetch
   * function. Leave this out for a module that needs these when it is loaded.
   *
   * External packages must be installed. An error at synth says why a module could not be loaded. What Node.js can tell without running
   * the module, such as a syntax error or a name that is not exported, is an error at synth in any case.
   *
   * @default false
   */
  readonly checkEntry?: boolean;
}

/**
 * The code that fetches one page of the source. One contract for all forms of it: a request with page token, offset, page number,
 * page size and input goes in, an array of records comes out, or an object with `records` and `nextPageToken` or `hasMore`, or
 * `retryAfterSeconds`.
 */
export abstract class FetchPageHandler {
  /**
   * A TypeScript or JavaScript module, whose default export is the handler. It is bundled by the esbuild of your project and runs
   * in the fetch function itself: a page costs no further invocation.
   *
   * Top-level await, ES modules and CommonJS all work. Packages with native code do not: use `fromFunction` for these.
   *
   * @param entry path of the module; a relative one is taken from the working folder, so write `path.join(__dirname, 'orders.source.ts')`
   * @param options how it is bundled
   */
  public static fromEntry(entry: string, options: SourceEntryOptions = {}): FetchPageHandler {
    const where = 'FetchPageHandler.fromEntry';
    checkKind(where, 'entry', entry, ENTRY);
    checkKind(where, 'options', options, ENTRY_OPTIONS);
    checkOptions(where, options, ENTRY_OPTION_KINDS);
    return new EntryHandler(checkedEntry(entry), options, slipsIn(where, options, ENTRY_OPTION_KINDS));
  }

  /**
   * A module that you have bundled already: a folder that holds it as `source.mjs`, an ES module whose default export is the
   * handler, with all that it imports. It runs in the fetch function itself, as with `fromEntry`.
   *
   * The loop is put beside it at synth, so that the function's code is one folder, in an emulator as on AWS. This takes a folder
   * that is there at synth: `lambda.Code.fromAsset(folder)` without bundling options of its own.
   *
   * What Node.js can tell of the module without running it is an error at synth: wrong syntax, a file that is missing, a name that is not
   * exported. A package that is not in the folder is taken to be there at run time.
   *
   * @param code the folder, as an asset
   */
  public static fromCode(code: lambda.Code): FetchPageHandler {
    checkKind('FetchPageHandler.fromCode', 'code', code, required(LAMBDA_CODE));
    return new CodeHandler(checkedSourceFolder(code));
  }

  /**
   * A Lambda function of its own, in any language. It is invoked once per page, with the request as its event, and returns the
   * page as JSON, at most the 6 MB that Lambda allows.
   *
   * @param fn the function; an alias or a version is invoked as such. One of another account must allow the fetch function to invoke it
   */
  public static fromFunction(fn: lambda.IFunction): FetchPageHandler {
    checkKind('FetchPageHandler.fromFunction', 'fn', fn, required(LAMBDA_FUNCTION));
    return new FunctionHandler(fn);
  }

  /**
   * The handler as part of one import's fetch function.
   *
   * @internal
   */
  public abstract _bind(scope: Construct): BoundFetchPageHandler;
}

mark(FetchPageHandler, Brand.FETCH_PAGE_HANDLER);

const ENTRY = required(text('the path of the source module, best as path.join(__dirname, \'orders.source.ts\')'));

const ENTRY_OPTIONS = optionsKind('an object such as { minify: true }');

const ENTRY_OPTION_KINDS: Kinds<SourceEntryOptions> = {
  external: listOf(text('a string'), 'a list of strings'),
  define: mapOf(text('a string'), 'an object such as { \'process.env.STAGE\': \'"prod"\' }'),
  minify: SWITCH,
  sourceMap: SWITCH,
  checkEntry: SWITCH,
};

/** The handler as part of one import's fetch function. */
export interface BoundFetchPageHandler {
  /** Code of the fetch function. */
  readonly code: lambda.Code;
  /** Environment variables that the handler needs, unless the user sets them. */
  readonly environment: { readonly [name: string]: string };
  /** What the fetch function must be allowed to do. */
  readonly statements: readonly iam.PolicyStatement[];
}

class EntryHandler extends FetchPageHandler {
  constructor(private readonly entry: string, private readonly options: SourceEntryOptions, private readonly slips: readonly string[]) {
    super();
  }

  public _bind(scope: Construct): BoundFetchPageHandler {
    const { entry, options, slips } = this;
    warnOfSlips(scope, slips);
    return {
      // CDK keeps one bundle per set of bundling options and does not look into functions: the options must tell two entries apart.
      code: assembledCode(path.dirname(entry), ['esbuild', entry, JSON.stringify(options)], (folder) => {
        const bundle = bundleSource(entry, folder, options);
        if (options.checkEntry === true) checkLoads(entry, folder, bundle);
      }),
      environment: options.sourceMap ? { NODE_OPTIONS: '--enable-source-maps' } : {},
      statements: [],
    };
  }
}

class CodeHandler extends FetchPageHandler {
  constructor(private readonly sourceFolder: string) {
    super();
  }

  public _bind(): BoundFetchPageHandler {
    const { sourceFolder } = this;
    const code = assembledCode(sourceFolder, ['copy', sourceFolder], (folder) => {
      fs.cpSync(sourceFolder, folder, { recursive: true, dereference: true });
      checkModule(sourceFolder, folder);
      addLoop(folder);
    });
    return { code, environment: {}, statements: [] };
  }
}

class FunctionHandler extends FetchPageHandler {
  constructor(private readonly fn: lambda.IFunction) {
    super();
  }

  public _bind(): BoundFetchPageHandler {
    return {
      code: lambda.Code.fromAsset(bundleFolder(LambdaBundle.FETCH_BY_FUNCTION)),
      environment: { [EnvironmentVariable.FETCH_PAGE_FUNCTION]: this.fn.functionArn },
      // Not grantInvoke, which allows every version and alias besides the one that is invoked.
      statements: [new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [this.fn.functionArn] })],
    };
  }
}

/**
 * A folder that is put together at synth. Its hash is that of its content: the same on every machine and in every checkout.
 *
 * @param identity what tells this folder from all others made of the same source folder
 */
function assembledCode(sourceFolder: string, identity: string[], assemble: (folder: string) => void): lambda.Code {
  return lambda.Code.fromAsset(sourceFolder, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never run: the folder is always put together locally, or the reason why not is thrown.
      image: DockerImage.fromRegistry('local-only'),
      command: identity,
      local: {
        tryBundle: (folder) => {
          assemble(folder);
          return true;
        },
      },
    },
  });
}

/** Looks at the module as it will be deployed: a file above the folder it came from is not there any more. */
function checkModule(sourceFolder: string, folder: string): void {
  const problem = linkProblem(folder);
  if (problem === undefined) return;
  const remedy = problem === NO_DEFAULT_EXPORT ? REMEDY : 'Node.js says this before it runs the module: bundle it again, with all that it imports';
  throw new Error(`FetchPageHandler.fromCode: ${path.join(sourceFolder, SOURCE_MODULE_FILE)} cannot be loaded: ${problem}; ${remedy}`);
}

/** The folder of an asset that holds a source module. */
function checkedSourceFolder(code: lambda.Code): string {
  const refuse = (problem: string, remedy: string): Error => new Error(`FetchPageHandler.fromCode: ${problem}; ${remedy}`);
  const { path: given } = code as Partial<lambda.AssetCode>;
  if (given === undefined) throw refuse('the code is not an asset, and the loop cannot be put beside it', 'write lambda.Code.fromAsset(folder) instead');
  const folder = path.resolve(given);
  if (!fs.existsSync(folder)) throw refuse(`${folder} does not exist`, 'bundle the module before the app is synthesized');
  if (!fs.statSync(folder).isDirectory()) throw refuse(`${folder} is no folder`, 'give the folder that the archive was made of instead');
  if (!fs.existsSync(path.join(folder, SOURCE_MODULE_FILE))) {
    throw refuse(`${folder} has no ${SOURCE_MODULE_FILE}`, 'bundle the module, with its default export, into that file as an ES module, or use fromEntry');
  }
  if (fs.existsSync(path.join(folder, BUNDLE_FILE))) {
    throw refuse(`${folder} has an ${BUNDLE_FILE}, which is the name of this package's loop`, 'give yours another name');
  }
  return folder;
}

import * as fs from 'node:fs';
import * as path from 'node:path';
import { AssetHashType, DockerImage, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { EnvironmentVariable, SOURCE_MODULE_FILE } from '../../protocol/environment';
import { HttpSettings } from '../../protocol/http-settings';
import { Brand, mark } from '../base/brand';
import { checkKind, checkOptions, slipsIn } from '../base/check-options';
import { Kinds, LAMBDA_CODE, LAMBDA_FUNCTION, listOf, mapOf, options as optionsKind, required, SWITCH, text } from '../base/kinds';
import { warnOfSlips } from '../base/warnings';
import { BUNDLE_FILE, bundleFolder, LambdaBundle } from '../bundles/lambda-bundle';
import { grantCertificate } from './http/client-certificate';
import { HttpSourceProps } from './http/http-source-props';
import { checkHttpProps, settingsOf, WHERE } from './http/settings-of';
import { checkLoads } from './loaded-source';
import { linkProblem, NO_DEFAULT_EXPORT } from './module-links';
import { addLoop, bundleSource, checkedEntry, REMEDY } from './source-bundle';

/** How esbuild bundles the module of `FetchPageHandler.fromEntry`. */
export interface SourceEntryOptions {
  /**
   * Packages to leave out of the bundle because they are available at run time: in a layer, or in Lambda's own runtime, such as
   * `@aws-sdk/*`.
   *
   * @default - everything is bundled
   */
  readonly external?: string[];

  /**
   * Expressions to replace in the bundle, each with a JavaScript expression: `{ 'process.env.STAGE': '"prod"' }`.
   *
   * @default - none
   */
  readonly define?: { [expression: string]: string };

  /**
   * Whether to minify the code. Names of functions and classes are kept. Only worthwhile for large modules.
   *
   * @default false
   */
  readonly minify?: boolean;

  /**
   * Whether to deploy a source map with the code and use it for stack traces.
   *
   * @default false
   */
  readonly sourceMap?: boolean;

  /**
   * Whether to load the bundled module at synth, to check that its default export is a handler. The module runs in its own process, from a
   * temporary folder, for at most 30 seconds, without AWS credentials and without your environment variables or those of the fetch
   * function. Leave this off if the module needs these while it loads.
   *
   * External packages must be installed. If the module cannot be loaded, an error at synth says why. Problems that Node.js can detect
   * without running the module, such as a syntax error or a missing export, are errors at synth in any case.
   *
   * @default false
   */
  readonly checkEntry?: boolean;
}

/**
 * The code that fetches one page of the source. All variants share one contract. The handler receives a request with page token, offset,
 * page number, page size and input. It returns an array of records, an object with `records` and `nextPageToken` or `hasMore`, or
 * `retryAfterSeconds`.
 */
export abstract class FetchPageHandler {
  /**
   * A TypeScript or JavaScript module whose default export is the handler. Your project's esbuild bundles it. It runs in the fetch function
   * itself, so a page costs no extra invocation.
   *
   * Top-level await, ES modules and CommonJS all work. Packages with native code do not: use `fromFunction` for these.
   *
   * @param entry path of the module. Relative paths start at the working folder, so write `path.join(__dirname, 'orders.source.ts')`
   * @param options how to bundle it
   */
  public static fromEntry(entry: string, options: SourceEntryOptions = {}): FetchPageHandler {
    const where = 'FetchPageHandler.fromEntry';
    checkKind(where, 'entry', entry, ENTRY);
    checkKind(where, 'options', options, ENTRY_OPTIONS);
    checkOptions(where, options, ENTRY_OPTION_KINDS);
    return new EntryHandler(checkedEntry(entry), options, slipsIn(where, options, ENTRY_OPTION_KINDS));
  }

  /**
   * A module that you bundle yourself: a folder with `source.mjs`, an ES module whose default export is the handler, and everything it
   * imports. It runs in the fetch function itself, as with `fromEntry`.
   *
   * Synth adds the import's loop to a copy of the folder, so that the function's code is one folder, both in an emulator and on AWS. The
   * folder must exist at synth: use `lambda.Code.fromAsset(folder)` without bundling options.
   *
   * Problems that Node.js can detect without running the module are errors at synth: wrong syntax, a missing file, a missing export.
   * Packages that are not in the folder are assumed to be available at run time.
   *
   * @param code the folder, as an asset
   */
  public static fromCode(code: lambda.Code): FetchPageHandler {
    checkKind('FetchPageHandler.fromCode', 'code', code, required(LAMBDA_CODE));
    return new CodeHandler(checkedSourceFolder(code));
  }

  /**
   * A separate Lambda function, in any language. It is invoked once per page with the request as its event. It returns the page as JSON, at
   * most the 6 MB that Lambda allows.
   *
   * @param fn the function, or an alias or version of it. If it is in another account, it must allow the fetch function to invoke it
   */
  public static fromFunction(fn: lambda.IFunction): FetchPageHandler {
    checkKind('FetchPageHandler.fromFunction', 'fn', fn, required(LAMBDA_FUNCTION));
    return new FunctionHandler(fn);
  }

  /**
   * A source without code: a JSON API, described by its address and how its pages follow each other. The requests are made by the fetch
   * function itself. Rates, errors, credentials and the end of the source have safe defaults.
   *
   * Texts in `url`, `headers`, `query` and `body` may have placeholders: `{input.<field>}` for a value of the execution's input, and
   * `{pageSize}`.
   *
   * @param props the source
   */
  public static http(props: HttpSourceProps): FetchPageHandler {
    checkKind(WHERE, 'props', props, HTTP_PROPS);
    const slips = checkHttpProps(props);
    return new HttpHandler(settingsOf(props), props, slips);
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

const HTTP_PROPS = required(optionsKind('{ url: \'https://api.example.com/orders\', pagination: Pagination.linkHeader() }'));

/** The handler as part of one import's fetch function. */
export interface BoundFetchPageHandler {
  /** Code of the fetch function. */
  readonly code: lambda.Code;
  /** Settings of a source without code, as JSON text; `undefined` for others. */
  readonly source: string | undefined;
  /** Gives the fetch function what the handler needs: environment variables, which the user may override, and permissions. */
  equip(fetch: lambda.Function): void;
}

class EntryHandler extends FetchPageHandler {
  constructor(private readonly entry: string, private readonly options: SourceEntryOptions, private readonly slips: readonly string[]) {
    super();
  }

  public _bind(scope: Construct): BoundFetchPageHandler {
    const { entry, options, slips } = this;
    warnOfSlips(scope, slips);
    return {
      // CDK caches one bundle per set of bundling options and ignores functions in them, so the options must identify the entry.
      code: assembledCode(path.dirname(entry), ['esbuild', entry, JSON.stringify(options)], (folder) => {
        const bundle = bundleSource(entry, folder, options);
        if (options.checkEntry === true) checkLoads(entry, folder, bundle);
      }),
      source: undefined,
      equip: (fetch) => {
        if (options.sourceMap) fetch.addEnvironment('NODE_OPTIONS', '--enable-source-maps');
      },
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
    return { code, source: undefined, equip: () => {} };
  }
}

class FunctionHandler extends FetchPageHandler {
  constructor(private readonly fn: lambda.IFunction) {
    super();
  }

  public _bind(): BoundFetchPageHandler {
    return {
      code: lambda.Code.fromAsset(bundleFolder(LambdaBundle.FETCH_BY_FUNCTION)),
      source: undefined,
      equip: (fetch) => {
        fetch.addEnvironment(EnvironmentVariable.FETCH_PAGE_FUNCTION, this.fn.functionArn);
        // Not grantInvoke, which also allows every other version and alias.
        fetch.role!.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [this.fn.functionArn] }));
      },
    };
  }
}

class HttpHandler extends FetchPageHandler {
  constructor(
    private readonly settings: HttpSettings,
    private readonly credentials: Pick<HttpSourceProps, 'auth' | 'clientCertificate'>,
    private readonly slips: readonly string[],
  ) {
    super();
  }

  public _bind(scope: Construct): BoundFetchPageHandler {
    warnOfSlips(scope, this.slips);
    return {
      code: lambda.Code.fromAsset(bundleFolder(LambdaBundle.FETCH_BY_HTTP)),
      // As text: Step Functions would look for paths in an object, and a body may have names that look like one.
      source: Stack.of(scope).toJsonString(this.settings),
      equip: (fetch) => {
        const { auth, clientCertificate } = this.credentials;
        auth?._grant(fetch);
        if (clientCertificate !== undefined) grantCertificate(clientCertificate, fetch);
      },
    };
  }
}

/**
 * A folder that is assembled at synth. Its hash depends only on its content, so it is the same on every machine and in every checkout.
 *
 * @param identity distinguishes this folder from others assembled from the same source folder
 */
function assembledCode(sourceFolder: string, identity: string[], assemble: (folder: string) => void): lambda.Code {
  return lambda.Code.fromAsset(sourceFolder, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never run: the folder is assembled locally, or an error is thrown.
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

/** Checks the module as it will be deployed: files above its original folder are missing there. */
function checkModule(sourceFolder: string, folder: string): void {
  const problem = linkProblem(folder);
  if (problem === undefined) return;
  const remedy = problem === NO_DEFAULT_EXPORT ? REMEDY : 'Node.js reports this before it runs the module: bundle it again with everything it imports';
  throw new Error(`FetchPageHandler.fromCode: ${path.join(sourceFolder, SOURCE_MODULE_FILE)} cannot be loaded: ${problem}; ${remedy}`);
}

/** The folder of an asset that contains a source module. */
function checkedSourceFolder(code: lambda.Code): string {
  const refuse = (problem: string, remedy: string): Error => new Error(`FetchPageHandler.fromCode: ${problem}; ${remedy}`);
  const { path: given } = code as Partial<lambda.AssetCode>;
  if (given === undefined) throw refuse('the code is not an asset, so the loop cannot be added to it', 'write lambda.Code.fromAsset(folder) instead');
  const folder = path.resolve(given);
  if (!fs.existsSync(folder)) throw refuse(`${folder} does not exist`, 'bundle the module before the app is synthesized');
  if (!fs.statSync(folder).isDirectory()) throw refuse(`${folder} is not a folder`, 'give the folder that the archive was made from instead');
  if (!fs.existsSync(path.join(folder, SOURCE_MODULE_FILE))) {
    throw refuse(`${folder} has no ${SOURCE_MODULE_FILE}`, 'bundle the module, with its default export, into that file as an ES module, or use fromEntry');
  }
  if (fs.existsSync(path.join(folder, BUNDLE_FILE))) {
    throw refuse(`${folder} has an ${BUNDLE_FILE}, which is the name of this package's loop`, 'give yours another name');
  }
  return folder;
}

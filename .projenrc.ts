import { awscdk, javascript, JsonFile, typescript } from 'projen';
import { COMMANDS, type Command } from './scripts/commands.mts';
import { LAYERS, type Layer } from './scripts/layers.mts';

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-paginated-import',
  description:
    'Import a paginated source of any size into S3 with AWS Step Functions: resumable, beyond one Lambda function\'s time and memory, ' +
    'no record lost or doubled',
  keywords: ['aws', 'cdk', 'stepfunctions', 's3', 'pagination', 'import', 'etl'],
  author: 'The cdk-paginated-import authors',
  authorAddress: 'https://github.com/cdk-paginated-import/cdk-paginated-import',
  authorOrganization: true,
  repositoryUrl: 'https://github.com/cdk-paginated-import/cdk-paginated-import.git',
  license: 'Apache-2.0',
  copyrightOwner: 'The cdk-paginated-import authors',
  defaultReleaseBranch: 'main',
  stability: 'experimental',

  // What the package asks of its users; the tests run on a newer one, see devDeps.
  cdkVersion: '2.257.0',
  constructsVersion: '10.5.1',
  peerDependencyOptions: { pinnedDevDependency: false },
  // jsii 6 asks for a TypeScript generation that typescript-eslint and the type stripping of Node 24 have not been tried with here.
  jsiiVersion: '~5.9.0',
  // The `latest` tag is 7, which jsii 5.9 refuses.
  typescriptVersion: '~5.9.0',
  // The oldest line of Node.js still maintained; the command line tool needs its `zlib.crc32`.
  minNodeVersion: '22.0.0',
  packageManager: javascript.NodePackageManager.NPM,
  projenVersion: '~0.103.25',
  projenrcTs: true,
  // Node 24 strips the types itself, and `npm run typecheck` covers this file.
  projenrcTsOptions: { runner: typescript.TypeScriptRunner.nodejs() },
  sampleCode: false,
  // Auto-discovery writes wrappers that import aws-cdk-lib beside the handlers.
  lambdaAutoDiscover: false,
  edgeLambdaAutoDiscover: false,
  singletonLambdaAutoDiscover: false,
  lambdaExtensionAutoDiscover: false,
  integrationTestAutoDiscover: false,
  github: false,
  release: false,
  depsUpgrade: false,

  publishToPypi: { distName: 'cdk-paginated-import', module: 'cdk_paginated_import' },
  publishToMaven: {
    javaPackage: 'io.github.cdkpaginatedimport',
    mavenGroupId: 'io.github.cdkpaginatedimport',
    mavenArtifactId: 'cdk-paginated-import',
  },
  publishToNuget: { dotNetNamespace: 'CdkPaginatedImport', packageId: 'CdkPaginatedImport' },
  publishToGo: { moduleName: 'github.com/cdk-paginated-import/cdk-paginated-import-go' },

  bin: { 'cdk-paginated-import': 'lib/local/cli.js' },
  autoDetectBin: false,
  // What is published is listed in `files`, so that nothing is published by forgetting to ignore it.
  npmignoreEnabled: false,
  gitignore: ['/assets/', '/.metafiles/', '/demo-output/', '/bench-output/', '/test-reports/', '/.lanes/', 'cdk.out/', '.DS_Store', '/.jsii.tabl.json', '/.snippets/'],

  // Install scripts that may run; each of these only fetches or checks the package's own binary.
  allowScripts: ['@swc/core', 'esbuild', 'node', 'unrs-resolver'],
  devDeps: [
    // Puts Node 24, the version of the Lambda runtime, into node_modules/.bin whatever Node the machine has.
    'node@^24',
    '@types/node@^24',
    // The oldest version with which cdk-nag 3.0.2 throws; with older ones it fails silently.
    'aws-cdk-lib@2.276.0',
    // The command line's `latest` tag is 3.0.0, which cannot read the assemblies of aws-cdk-lib 2.
    'aws-cdk@2.1148.1',
    // The AwsSolutions rules that the examples are held to.
    'cdk-nag@3.0.2',
    // Bundles the Lambda handlers and the local runtime; at users' synth time, their entry files.
    'esbuild@^0.28.2',
    // Bundled into the Lambda handlers, so that the package itself has no dependencies.
    '@aws-sdk/client-s3@^3.1173.0',
    '@aws-sdk/client-lambda@^3.1164.0',
    '@types/aws-lambda@^8.10.164',
    // Quotes and reads CSV. See docs/decisions/0010-csv-by-d3-dsv.md.
    'd3-dsv@^3.0.2',
    '@types/d3-dsv@^3.0.7',
    // Exact, since these two stand in for AWS: what they get wrong is known for these versions only.
    'fauxqs@2.4.1',
    'aws-local-stepfunctions@3.0.0',
    // Types only, for the hooks of the server that fauxqs builds with it.
    'fastify@^5.12.8',
    // Checks the definitions of the state machines offline.
    'asl-validator@^4.0.0',
    // Examples only; the package accepts any Standard Schema.
    'zod@^4.6.7',
    // The demo's data, and a REST server that serves it page by page (1.x does not know offset and limit).
    'vega-datasets@3.2.1',
    'json-server@0.17.4',
    // Runs the example apps as CDK apps in TypeScript are run, with __dirname and imports without a suffix.
    'tsx@^4.23.15',
    // The hand-written import that the benchmark compares with: of the line of client-s3, of which it wants its own version or a later one.
    '@aws-sdk/lib-storage@~3.1173.0',
    // Holds what is published to the schema that the package has of it.
    'ajv@^8.20.0',
    // Random inputs for the commit log and the plan of parts.
    'fast-check@^4.10.2',
    // The tests are type-checked once, by tsc: jest needs the types stripped only, and ts-jest takes ten times as long.
    'jest@^30',
    '@types/jest@^30',
    '@swc/core@1.16.18', // see the overrides
    '@swc/jest@^0.2.39',
  ],

  jest: false, // jest.config.json below: projen's own writes for ts-jest
  tsconfigDevFile: 'tsconfig.dev.json',
  tsconfigDev: {
    compilerOptions: {
      module: 'esnext',
      moduleResolution: javascript.TypeScriptModuleResolution.BUNDLER,
      target: 'ES2023',
      lib: ['es2023'],
      types: ['node', 'jest'],
      noUncheckedIndexedAccess: true,
      isolatedModules: true,
      allowImportingTsExtensions: true,
      // The package by its own name, as its users write it, but from the sources.
      paths: {
        'cdk-paginated-import': ['./src/index.ts'],
        'cdk-paginated-import/source': ['./src/source/index.ts'],
        'cdk-paginated-import/local': ['./src/local/index.ts'],
      },
    },
  },
  // Bundled by esbuild: jsii would refuse what they import.
  excludeTypescript: ['src/runtime/**', 'src/local/**'],
  eslintOptions: {
    dirs: ['src'],
    devdirs: ['test', 'examples', 'bench', 'scripts'],
    fileExtensions: ['.ts', '.mts'],
    tsconfigPath: './tsconfig.dev.json',
    projectService: false,
    commandOptions: { fix: false },
    ignorePatterns: ['*.js', '*.mjs', '*.d.ts', 'node_modules/', 'cdk.out/', 'lib/', 'assets/', 'coverage/'],
  },
});

// projen's folder for helpers of this file, which is not used here.
project.tryRemoveFile('projenrc/tsconfig.json');

// An override, since projen would add to its own include, which is every folder there is.
project.tsconfigDev.file!.addOverride('include', ['.projenrc.ts', 'src', 'test', 'examples', 'bench', 'scripts']);

// `npm ci` refuses a lock file without the binaries of every platform. Later versions of these two have been seen in a registry before
// all of their binaries were.
project.package.addField('overrides', { 'unrs-resolver': '1.12.2' });
// It has a prebuilt binary for each platform, and jest does without it.
project.package.file.addOverride('allowScripts.@parcel/watcher', false);

project.package.addField('files', ['lib', '!lib/runtime', '!**/*.tsbuildinfo', 'assets', 'schema', '.jsii', 'API.md']);
project.package.addField('exports', {
  '.': { types: './lib/index.d.ts', default: './lib/index.js' },
  './source': { types: './lib/source/index.d.ts', default: './lib/source/index.js' },
  './local': { types: './lib/local/index.d.ts', default: './lib/local/index.js' },
  './manifest.schema.json': './schema/manifest.schema.json',
  './.jsii': './.jsii',
  './package.json': './package.json',
});
// For module resolutions that do not read `exports`, among them the one that jsii-rosetta compiles snippets with.
project.package.addField('typesVersions', {
  '*': { source: ['lib/source/index.d.ts'], local: ['lib/local/index.d.ts'] },
});

new JsonFile(project, 'tsconfig.local.json', {
  marker: true,
  obj: {
    extends: './tsconfig.dev.json',
    compilerOptions: { noEmit: false, declaration: true, emitDeclarationOnly: true, rootDir: 'src', outDir: 'lib' },
    include: ['src/local/index.ts'],
    exclude: ['node_modules'],
  },
});

new JsonFile(project, 'jest.config.json', {
  marker: false,
  obj: {
    testEnvironment: 'node',
    roots: ['<rootDir>/test'],
    testMatch: ['**/*.test.ts'],
    moduleFileExtensions: ['ts', 'mts', 'js', 'mjs', 'cjs', 'json', 'node'],
    moduleNameMapper: {
      '^cdk-paginated-import$': '<rootDir>/src/index.ts',
      '^cdk-paginated-import/source$': '<rootDir>/src/source/index.ts',
      // The bundle that users get, which carries what jest cannot load from its sources.
      '^cdk-paginated-import/local$': '<rootDir>/lib/local/index.js',
      // It offers itself to import only, which jest turns into require: name the file, and strip its import statements too.
      '^fauxqs$': '<rootDir>/node_modules/fauxqs/dist/app.js',
      // Its build for require, which jest turns imports into.
      '^d3-dsv$': '<rootDir>/node_modules/d3-dsv/dist/d3-dsv.js',
    },
    transformIgnorePatterns: ['/node_modules/(?!fauxqs/)', '<rootDir>/lib/', '<rootDir>/assets/'],
    transform: {
      '^.+\\.m?[jt]s$': ['@swc/jest', {
        jsc: { target: 'es2023', parser: { syntax: 'typescript' }, keepClassNames: true },
        module: { type: 'commonjs' },
      }],
    },
    // Each file loads the AWS CDK anew, and what it leaves behind adds up: a worker that holds this much is replaced by a fresh one.
    maxWorkers: 2,
    // A test on a busy machine, beside others, takes many times what it takes alone.
    testTimeout: 60_000,
    workerIdleMemoryLimit: '800MB',
    collectCoverageFrom: ['src/**/*.ts'],
    coverageProvider: 'v8',
  },
});

lintTheLayers(project.eslint!);
project.eslint!.addRules({
  '@stylistic/max-len': ['error', { code: 140, ignoreUrls: true, ignoreRegExpLiterals: true, ignoreStrings: true, ignoreTemplateLiterals: true }],
  'import/order': ['error', {
    groups: ['builtin', 'external', 'parent', ['sibling', 'index']],
    // In examples and tests, which import the package as its users do.
    pathGroups: [{ pattern: 'cdk-paginated-import{,/**}', group: 'external' }],
    pathGroupsExcludedImportTypes: [],
    alphabetize: { order: 'asc', caseInsensitive: true },
  }],
  '@stylistic/object-property-newline': 'off', // lines may group what belongs together
  'no-bitwise': 'off', // checksums are made of them
});
['test', 'examples', 'bench', 'scripts'].forEach((dir) => project.eslint!.allowDevDeps(`${dir}/**`));
['src/runtime', 'src/local'].forEach((dir) => project.eslint!.allowDevDeps(`${dir}/**`)); // bundled
defineTasks();

project.synth();

/** Turns the table of layers into lint rules: paths between the folders of src, and package names within each of them. */
function lintTheLayers(eslint: javascript.Eslint): void {
  eslint.addRules({
    'import/no-restricted-paths': ['error', { zones: [...LAYERS.map(zoneOf), ...LAYERS.flatMap(zonesOfFolders), zoneOfEntry()] }],
  });
  LAYERS.forEach((layer) => eslint.addOverride({
    files: [`src/${layer.name}/**`],
    rules: { 'no-restricted-imports': ['error', { patterns: [{ regex: outsideOf(layer), message: messageOf(layer) }] }] },
  }));
}

function zoneOf(layer: Layer) {
  return {
    target: `./src/${layer.name}`,
    from: './src',
    except: [layer, ...LAYERS.filter(({ name }) => layer.layers.includes(name))].map(({ name }) => `./${name}`),
    message: messageOf(layer),
  };
}

/** A folder knows itself and those before it. */
function zonesOfFolders({ name, folders = [] }: Layer) {
  return folders.map((folder, index) => ({
    target: `./src/${name}/${folder}`,
    from: `./src/${name}`,
    except: folders.slice(0, index + 1).map((known) => `./${known}`),
    message: `src/${name}/${folder} may import ${folders.slice(0, index).join(', ') || 'no other folder'} of src/${name}; see scripts/layers.mts.`,
  }));
}

function zoneOfEntry() {
  return {
    target: './src/index.ts',
    from: './src',
    except: ['./construct', './protocol/choices.ts'],
    message: 'The jsii entry re-exports src/construct and the choices of src/protocol, and nothing else.',
  };
}

function outsideOf(layer: Layer): string {
  const allowed = layer.packages.map((name) => `${name}(/|$)`);
  return `^(?!${['\\.', ...(layer.builtins ? ['node:'] : []), ...allowed].join('|')})`;
}

function messageOf(layer: Layer): string {
  const allowed = [...layer.layers.map((name) => `src/${name}`), ...layer.packages, ...(layer.builtins ? ['node: built-ins'] : [])];
  return `src/${layer.name} may import ${allowed.join(', ') || 'nothing'}; see scripts/layers.mts.`;
}

/** The npm scripts; projen's own life cycle would package for every language at each build. */
function defineTasks(): void {
  ['build', 'test', 'eslint', 'pre-compile', 'compile', 'post-compile', 'docgen', 'watch', 'package', 'compat']
    .forEach((name) => project.removeTask(name));
  Object.entries<Command>(COMMANDS).forEach(([name, { run, description, env }]) => {
    project.addTask(name, { description, env, exec: run, receiveArgs: true });
  });
}

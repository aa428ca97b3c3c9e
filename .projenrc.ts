import { awscdk, javascript, JsonFile, typescript } from 'projen';
import { COMMANDS, type Command } from './scripts/commands.mts';
import { LAYERS, type Layer } from './scripts/layers.mts';

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-paginated-import',
  description:
    'Import a paginated source of any size into S3 with AWS Step Functions: resumable, beyond one Lambda function\'s time and memory, ' +
    'no record lost or duplicated',
  keywords: ['aws', 'cdk', 'stepfunctions', 's3', 'pagination', 'import', 'etl'],
  author: 'The cdk-paginated-import authors',
  authorAddress: 'https://github.com/cdk-paginated-import/cdk-paginated-import',
  authorOrganization: true,
  repositoryUrl: 'https://github.com/cdk-paginated-import/cdk-paginated-import.git',
  license: 'Apache-2.0',
  copyrightOwner: 'The cdk-paginated-import authors',
  defaultReleaseBranch: 'main',
  stability: 'experimental',

  // The minimum for users; the tests run on a newer one, see devDeps.
  cdkVersion: '2.257.0',
  constructsVersion: '10.5.1',
  peerDependencyOptions: { pinnedDevDependency: false },
  // jsii 6 requires a newer TypeScript, not yet tested here with typescript-eslint and Node 24's type stripping.
  jsiiVersion: '~5.9.0',
  // The `latest` tag is 7, which jsii 5.9 does not accept.
  typescriptVersion: '~5.9.0',
  // The oldest maintained Node.js; the command line tool needs its `zlib.crc32`.
  minNodeVersion: '22.0.0',
  packageManager: javascript.NodePackageManager.NPM,
  projenVersion: '~0.103.25',
  projenrcTs: true,
  // Node 24 strips types itself, and `npm run typecheck` covers this file.
  projenrcTsOptions: { runner: typescript.TypeScriptRunner.nodejs() },
  sampleCode: false,
  // Auto-discovery would write wrappers that import aws-cdk-lib next to the handlers.
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
  // `files` lists what is published, so that nothing is published because it was not ignored.
  npmignoreEnabled: false,
  gitignore: [
    '/assets/', '/THIRD-PARTY-LICENSES', '/.metafiles/', '/demo-output/', '/bench-output/', '/test-reports/', '/.lanes/', 'cdk.out/', '.DS_Store',
    '/.jsii.tabl.json', '/.snippets/',
  ],

  // Allowed install scripts: each only fetches or checks the package's own binary.
  allowScripts: ['@swc/core', 'esbuild', 'node', 'unrs-resolver'],
  devDeps: [
    // Puts Node 24, the Lambda runtime's version, into node_modules/.bin, whatever the machine has.
    'node@^24',
    '@types/node@^24',
    // The oldest version with which cdk-nag 3.0.2 throws; with older ones it fails silently.
    'aws-cdk-lib@2.276.0',
    // The command line's `latest` tag is 3.0.0, which cannot read the assemblies of aws-cdk-lib 2.
    'aws-cdk@2.1148.1',
    // The AwsSolutions rules, which the examples must pass.
    'cdk-nag@3.0.2',
    // Bundles the Lambda handlers and the local runtime; at users' synth time, their entry files.
    'esbuild@^0.28.2',
    // Bundled into the Lambda handlers, so that the package itself has no dependencies.
    '@aws-sdk/client-s3@^3.1173.0',
    '@aws-sdk/client-lambda@^3.1164.0',
    '@types/aws-lambda@^8.10.164',
    // Writes and reads CSV. See docs/decisions/0010-csv-by-d3-dsv.md.
    'd3-dsv@^3.0.2',
    '@types/d3-dsv@^3.0.7',
    // JSONPath (RFC 9535) for sources without code.
    'json-p3@^2.3.1',
    // Reads zip files, for sources without code.
    'yauzl@^3.4.0',
    '@types/yauzl@^3.4.0',
    // Signs requests to AWS, for sources without code. The SDK has it too.
    '@smithy/signature-v4@^5.7.5',
    // Exact, since these two replace AWS: their bugs are known for these versions only.
    'fauxqs@2.4.1',
    'aws-local-stepfunctions@3.0.0',
    // Types only, for the hooks of fauxqs' server.
    'fastify@^5.12.8',
    // Checks state machine definitions offline.
    'asl-validator@^4.0.0',
    // Examples and tests only; the package accepts any Standard Schema.
    'zod@^4.6.7',
    'valibot@^1.5.0',
    // The demo's data, and a REST server that serves it in pages (1.x does not support offset and limit).
    'vega-datasets@3.2.1',
    'json-server@0.17.4',
    // Servers nobody here wrote, which tests import from: see test/foreign-servers. Page numbers, without end beyond the last page.
    'json-server-1@npm:json-server@1.0.0-beta.15',
    // GraphQL, with the connections of Relay, over node:http.
    'graphql@^17.1.0',
    'graphql-relay@^0.11.0',
    'graphql-http@^1.23.1',
    // OData, over an in-memory database.
    'simple-odata-server@^1.2.2',
    'simple-odata-server-nedb@^1.0.0',
    '@seald-io/nedb@^3',
    // JSON:API, with links in the body.
    'fortune@^5.5.19',
    'fortune-http@^1.2.28',
    'fortune-json-api@^2.3.1',
    // Page numbers with the number of pages, at a server that caps the page size.
    'moleculer@^0.15.2',
    'moleculer-db@^0.9.0',
    'moleculer-web@^0.11.0',
    // Runs the example apps like usual CDK apps in TypeScript, with __dirname and imports without a suffix.
    'tsx@^4.23.15',
    // For the benchmark's hand-written import. It needs client-s3 in its own version or a later one.
    '@aws-sdk/lib-storage@~3.1173.0',
    // Makes the JSON Schema of settings from their types.
    'ts-json-schema-generator@^2.10.0',
    // Validates the manifest against the package's schema.
    'ajv@^8.20.0',
    // What the bundles contain: the SBOM, and whether a license is allowed. See docs/decisions/0018-notices-and-sbom.md.
    '@cyclonedx/cyclonedx-esbuild@^1.4.4',
    'spdx-satisfies@^6.0.0',
    '@types/spdx-satisfies@^6.0.0',
    // Property-based tests.
    'fast-check@^4.10.2',
    // tsc type-checks the tests once, so jest only needs to strip types; ts-jest takes ten times as long.
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
      // The package by its own name, as users write it, but from the sources.
      paths: {
        'cdk-paginated-import': ['./src/index.ts'],
        'cdk-paginated-import/source': ['./src/source/index.ts'],
        'cdk-paginated-import/local': ['./src/local/index.ts'],
      },
    },
  },
  // Bundled by esbuild: jsii would refuse their imports.
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

// projen's folder for helpers of this file, which is unused.
project.tryRemoveFile('projenrc/tsconfig.json');

// An override, since projen would add to its own include, which covers every folder.
project.tsconfigDev.file!.addOverride('include', ['.projenrc.ts', 'src', 'test', 'examples', 'bench', 'scripts']);

// `npm ci` refuses a lock file without the binaries of every platform. Later versions of these two have appeared in a registry before all
// their binaries.
project.package.addField('overrides', { 'unrs-resolver': '1.12.2' });
// It has prebuilt binaries, and jest works without it.
project.package.file.addOverride('allowScripts.@parcel/watcher', false);

project.package.addField('files', [
  'lib', '!lib/runtime', '!**/*.tsbuildinfo', 'assets', 'schema', 'gallery', '.jsii', 'API.md', 'THIRD-PARTY-LICENSES',
]);
// Everything but the entry for handlers, from whose bundles unused files are dropped.
project.package.addField('sideEffects', ['./lib/index.js', './lib/construct/**', './lib/local/**']);
project.package.addField('exports', {
  '.': { types: './lib/index.d.ts', default: './lib/index.js' },
  './source': { types: './lib/source/index.d.ts', import: './lib/source/index.mjs', default: './lib/source/index.js' },
  './local': { types: './lib/local/index.d.ts', default: './lib/local/index.js' },
  './manifest.schema.json': './schema/manifest.schema.json',
  './http-source.schema.json': './schema/http-source.schema.json',
  './.jsii': './.jsii',
  './package.json': './package.json',
});
// For module resolutions that do not read `exports`, such as the one that jsii-rosetta uses for snippets.
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
      // The bundle that users get: jest cannot load all of its sources.
      '^cdk-paginated-import/local$': '<rootDir>/lib/local/index.js',
      // It only supports import, which jest turns into require: name the file, and transform its imports too.
      '^fauxqs$': '<rootDir>/node_modules/fauxqs/dist/app.js',
      // Its CommonJS build, since jest turns imports into require.
      '^d3-dsv$': '<rootDir>/node_modules/d3-dsv/dist/d3-dsv.js',
    },
    transformIgnorePatterns: ['/node_modules/(?!fauxqs/)', '<rootDir>/lib/', '<rootDir>/assets/'],
    transform: {
      '^.+\\.m?[jt]s$': ['@swc/jest', {
        jsc: { target: 'es2023', parser: { syntax: 'typescript' }, keepClassNames: true },
        module: { type: 'commonjs' },
      }],
    },
    // Tests run in a context, where each access to a global is slow. As parameters of each module, these are not, which saves up to
    // a third of the CPU time. Not Map: a module of the AWS CDK declares a class of that name, which clashes with a parameter.
    sandboxInjectedGlobals: [
      'Array', 'Buffer', 'Error', 'JSON', 'Math', 'Number', 'Object', 'Promise', 'RegExp', 'Set', 'String', 'Symbol', 'Uint8Array',
    ],
    // Each file loads the AWS CDK again, and memory adds up: workers above workerIdleMemoryLimit are replaced.
    maxWorkers: 2,
    setupFiles: ['<rootDir>/test/setup.ts'],
    testSequencer: '<rootDir>/test/sequencer.cjs',
    // On a busy machine, a test takes many times as long as alone.
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
    // For examples and tests, which import the package like its users.
    pathGroups: [{ pattern: 'cdk-paginated-import{,/**}', group: 'external' }],
    pathGroupsExcludedImportTypes: [],
    alphabetize: { order: 'asc', caseInsensitive: true },
  }],
  '@stylistic/object-property-newline': 'off', // lines may group what belongs together
  'no-bitwise': 'off', // checksums are made of them
});
['test', 'examples', 'bench', 'scripts'].forEach((dir) => project.eslint!.allowDevDeps(`${dir}/**`));
['src/runtime', 'src/local', 'src/source/http'].forEach((dir) => project.eslint!.allowDevDeps(`${dir}/**`)); // bundled
defineTasks();

project.synth();

/** Turns the layers into lint rules: allowed paths between the folders of src, and allowed packages in each. */
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

/** A folder may import from itself and the ones before it. */
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
    except: ['./construct', './protocol/choices.ts', './protocol/http-choices.ts'],
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

/** The npm scripts. projen's own life cycle would package for every language in each build. */
function defineTasks(): void {
  ['build', 'test', 'eslint', 'pre-compile', 'compile', 'post-compile', 'docgen', 'watch', 'package', 'compat']
    .forEach((name) => project.removeTask(name));
  Object.entries<Command>(COMMANDS).forEach(([name, { run, description, env }]) => {
    project.addTask(name, { description, env, exec: run, receiveArgs: true });
  });
}

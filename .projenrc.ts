import { awscdk, javascript, typescript } from 'projen';

/** What every published language binding of this package requires of AWS CDK. */
const MINIMUM_CDK_VERSION = '2.257.0';

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

  cdkVersion: MINIMUM_CDK_VERSION,
  constructsVersion: '10.5.1',
  // jsii 6 compiles with TypeScript 6 and up; the toolchain stays on one generation.
  jsiiVersion: '~5.9.0',
  // The `latest` tag is 7, which jsii 5.9 and typescript-eslint refuse.
  typescriptVersion: '~5.9.0',
  // Lambda's oldest runtime with the `zlib.crc32` that the local runtime needs.
  minNodeVersion: '22.0.0',
  packageManager: javascript.NodePackageManager.NPM,
  projenVersion: '~0.103.25',
  projenrcTs: true,
  // Node 24 strips the types itself: no ts-node, no tsx.
  runner: typescript.TypeScriptRunner.nodejs(),
  sampleCode: false,
  lambdaAutoDiscover: false,
  edgeLambdaAutoDiscover: false,
  singletonLambdaAutoDiscover: false,
  lambdaExtensionAutoDiscover: false,
  integrationTestAutoDiscover: false,
  github: false,
  release: false,
  depsUpgrade: false,
  pullRequestTemplate: false,

  publishToPypi: { distName: 'cdk-paginated-import', module: 'cdk_paginated_import' },
  publishToMaven: {
    javaPackage: 'io.github.cdkpaginatedimport',
    mavenGroupId: 'io.github.cdkpaginatedimport',
    mavenArtifactId: 'cdk-paginated-import',
  },
  publishToNuget: { dotNetNamespace: 'CdkPaginatedImport', packageId: 'CdkPaginatedImport' },
  publishToGo: { moduleName: 'github.com/cdk-paginated-import/cdk-paginated-import-go' },

  // Tests run against the CDK version below, not against the peer minimum.
  peerDependencyOptions: { pinnedDevDependency: false },
  allowScripts: ['@swc/core', 'esbuild', 'node', 'unrs-resolver'],
  devDeps: [
    // Puts Node 24, the Lambda runtime's version, into node_modules/.bin whatever Node the machine has.
    'node@^24',
    '@types/node@^24',
    // The oldest version with which cdk-nag 3.0.2 throws instead of failing silently.
    'aws-cdk-lib@2.276.0',
    'constructs@^10.5.1',
    // The CLI's `latest` tag is 3.0.0, which cannot read the assemblies of aws-cdk-lib 2.
    'aws-cdk@2.1148.1',
    'cdk-nag@3.0.2',
    // Bundles the Lambda handlers, the local runtime, and users' entry files.
    'esbuild@^0.28.2',
    // Bundled into the Lambda handlers; never a runtime dependency of the package.
    '@aws-sdk/client-s3@^3.1173.0',
    '@aws-sdk/client-lambda@^3.1164.0',
    '@types/aws-lambda@^8.10.164',
    // Exact: local behaviour is tested against these emulations, gaps included.
    'fauxqs@2.4.1',
    'aws-local-stepfunctions@3.0.0',
    // Offline check of the state machine definitions.
    'asl-validator@^4.0.0',
    // Examples only: any Standard Schema library will do.
    'zod@^4.6.7',
    // The demo's data and the REST server that serves it page by page.
    'vega-datasets@3.2.1',
    'json-server@0.17.4',
    // Property tests of the commit log and of the plan of parts.
    'fast-check@^4.10.2',
    // Tests are type-checked once, by tsc; jest only needs the types stripped.
    '@swc/core@^1.16.22',
    '@swc/jest@^0.2.39',
  ],

  tsconfigDevFile: 'tsconfig.dev.json',
  excludeTypescript: ['src/runtime/**', 'src/local/**'],
});

project.synth();

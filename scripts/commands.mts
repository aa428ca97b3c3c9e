/** A command of the toolchain, as an npm script and as a step of `npm test`. */
export interface Command {
  readonly description: string;
  readonly run: string;
  readonly env?: Readonly<Record<string, string>>;
}

const LINTED = ['.projenrc.ts', 'src', 'test', 'examples', 'bench', 'scripts'];

export const COMMANDS = {
  'lint': {
    description: 'Style, and the layers of src',
    run: `eslint --ext .ts,.mts --max-warnings 0 --no-error-on-unmatched-pattern ${LINTED.join(' ')}`,
    // projen writes the rules in the legacy format, about which ESLint 9 warns at every start.
    env: { ESLINT_USE_FLAT_CONFIG: 'false', NODE_NO_WARNINGS: '1' },
  },
  'typecheck': {
    description: 'Type-check everything, including tests and scripts',
    run: 'tsc --noEmit -p tsconfig.dev.json',
  },
  'build': {
    description: 'Everything that is published: assets/, lib/, .jsii and THIRD-PARTY-LICENSES',
    run: 'node scripts/build.mts',
  },
  'bundle:lambdas': {
    description: 'Bundle the Lambda handlers into assets/',
    run: 'node scripts/bundle-lambdas.mts',
  },
  'bundle:local': {
    description: 'Bundle the local runtime and the command line tool into lib/local/',
    run: 'node scripts/bundle-local.mts && node scripts/synthesize-run-app.mts',
  },
  'compile': {
    description: 'Compile the constructs with jsii into lib/ and .jsii',
    // jsii renames reserved words of other languages, and the tests deliberately run on a newer AWS CDK than users need.
    run: 'jsii --silence-warnings=reserved-word --silence-warnings=metadata/missing-dev-dependency && node scripts/bundle-source.mts',
  },
  'licenses': {
    description: 'Write THIRD-PARTY-LICENSES: the notices of all that is bundled',
    run: 'node scripts/write-license-list.mts',
  },
  'sbom': {
    description: 'Write the SBOM of what is bundled, in CycloneDX',
    run: 'node scripts/build-if-stale.mts && node scripts/write-sbom.mts',
  },
  'docgen': {
    description: 'Write API.md',
    run: 'jsii-docgen -o API.md',
  },
  'docs:api': {
    description: 'Check that API.md is what docgen would write',
    run: 'node scripts/check-api-docs.mts',
  },
  'schema': {
    description: 'Write the JSON Schema of *.http.json files',
    run: 'node scripts/write-http-schema.mts',
  },
  'schema:check': {
    description: 'Check that the JSON Schema is what `npm run schema` would write',
    run: 'node scripts/write-http-schema.mts --check',
  },
  'docs:snippets': {
    description: 'Compile every code snippet of README.md and of the docstrings',
    run: 'node scripts/check-snippets.mts',
  },
  'examples': {
    description: 'Synthesize every example',
    run: 'node scripts/check-examples.mts',
  },
  'package:use': {
    description: 'Install the packed tarball into an empty app and use it',
    run: 'node scripts/check-consumer.mts',
  },
  'package:check': {
    description: 'Check the tarball that would be published',
    run: 'node scripts/check-package.mts',
  },
  'demo': {
    description: 'Import a real dataset on this computer, without an AWS account',
    run: 'node scripts/build.mts && tsx examples/flights/demo.ts',
  },
  'bench': {
    description: 'Time, CPU, memory and cost of an import, compared with other ways to write one; takes --quick and --json',
    run: 'node scripts/build-if-stale.mts >&2 && tsx bench/bench.ts',
  },
  'test:unit': {
    description: 'Run only jest, on the existing build; takes a path',
    run: 'jest',
    // Returns the segments of 256 KiB that chunks are built in to the system. By default, glibc keeps them once it has freed a few, and
    // thousands of simulated imports leave gigabytes behind.
    env: { MALLOC_MMAP_THRESHOLD_: '131072' },
  },
  'test:durability': {
    description: 'Every crash point of an import and many random schedules; takes --schedules, --seed, --only, --path',
    run: 'tsx test/durability/main.ts',
  },
  'test:lanes': {
    description: 'Checks that need other versions or languages than Node.js and npm provide; takes names of lanes, reports what it skipped',
    run: 'node scripts/build-if-stale.mts && node scripts/test-lanes.mts',
  },
  'projen:check': {
    description: 'Check that the generated files are what projen would write',
    run: 'node scripts/check-projen.mts',
  },
  'test': {
    description: 'Run all checks, the quick ones first',
    run: 'node scripts/verify.mts',
  },
} as const satisfies Record<string, Command>;

export type CommandName = keyof typeof COMMANDS;

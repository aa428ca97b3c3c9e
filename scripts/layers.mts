/** One layer of the package: a folder below src and what its files may import. */
export interface Layer {
  readonly name: string;
  /** Other layers, by name. Imports go one way: construct -> protocol <- runtime -> source -> protocol, and local -> all of them. */
  readonly layers: readonly string[];
  /** Packages, each with its subpaths. */
  readonly packages: readonly string[];
  /** Whether Node.js built-in modules, always written `node:...`, are allowed. */
  readonly builtins: boolean;
  /** Its folders, in order: a file may import from its own folder and from those before it. Files outside of them may import from all. */
  readonly folders?: readonly string[];
}

/**
 * The one place where the layers are written down: the lint rules are generated from it, and the test in test/boundary draws the import
 * graph and compares.
 */
export const LAYERS: readonly Layer[] = [
  { name: 'protocol', layers: [], packages: [], builtins: false },
  { name: 'source', layers: ['protocol'], packages: [], builtins: true },
  {
    name: 'runtime',
    layers: ['protocol', 'source'],
    packages: ['@aws-sdk/client-s3', '@aws-sdk/client-lambda', 'aws-lambda', 'd3-dsv'],
    builtins: true,
    folders: ['bytes', 'ports', 'errors', 'formats', 'chunks', 'log', 'fetch', 'publish', 'steps', 'aws', 'sources', 'store', 'lambda'],
  },
  // Of esbuild the constructs load the user's own copy, at synth time.
  {
    name: 'construct',
    layers: ['protocol'],
    packages: ['aws-cdk-lib', 'constructs', 'esbuild'],
    builtins: true,
    folders: ['base', 'bundles', 'cache', 'destination', 'source', 'machine'],
  },
  {
    name: 'local',
    layers: ['protocol', 'source', 'runtime', 'construct'],
    packages: ['aws-cdk-lib', 'constructs', 'aws-local-stepfunctions', 'fauxqs', 'esbuild', 'fastify', '@aws-sdk/client-s3', 'aws-lambda'],
    builtins: true,
  },
];

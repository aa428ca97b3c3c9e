/** A layer of the package: a folder in src, and what its files may import. */
export interface Layer {
  readonly name: string;
  /** Other layers, by name. Imports go one way: construct -> protocol <- runtime -> source -> protocol, and local -> all of them. */
  readonly layers: readonly string[];
  /** Packages, each with its subpaths. */
  readonly packages: readonly string[];
  /** Whether Node.js built-in modules, always written as `node:...`, are allowed. */
  readonly builtins: boolean;
  /**
   * Its folders, in order. A file may import from its own folder and the ones before it. Files outside these folders may import from all.
   */
  readonly folders?: readonly string[];
}

/**
 * The single definition of the layers: the lint rules are generated from it, and a test in test/boundary compares it with the import graph.
 */
export const LAYERS: readonly Layer[] = [
  { name: 'protocol', layers: [], packages: [], builtins: false },
  { name: 'source', layers: ['protocol'], packages: ['@smithy/signature-v4', 'd3-dsv', 'json-p3', 'yauzl'], builtins: true },
  {
    name: 'runtime',
    layers: ['protocol', 'source'],
    packages: ['@aws-sdk/client-s3', '@aws-sdk/client-lambda', 'aws-lambda', 'd3-dsv'],
    builtins: true,
    folders: ['bytes', 'ports', 'errors', 'formats', 'chunks', 'log', 'fetch', 'publish', 'steps', 'aws', 'sources', 'store', 'lambda'],
  },
  // The constructs load the user's own copy of esbuild at synth.
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

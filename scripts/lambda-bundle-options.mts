import type { BuildOptions } from 'esbuild';

/** Options for bundling any code for Lambda. */
export const LAMBDA_BUNDLE_OPTIONS = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  minify: true,
  legalComments: 'none',
  mainFields: ['module', 'main'],
} as const satisfies BuildOptions;

import { isBuiltin } from 'node:module';
import type { Plugin } from 'esbuild';

/** Namespace of these modules in metafiles. */
export const BUILT_IN = 'built-in';

/** CommonJS packages `require` Node.js' modules, which an ES module cannot do when it is loaded: makes these imports. */
export const builtInsAsImports: Plugin = {
  name: 'built-ins-as-imports',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /./ }, ({ path, kind }) => (kind === 'require-call' && isBuiltin(path) ? { path, namespace: BUILT_IN } : undefined));
    onLoad({ filter: /./, namespace: BUILT_IN }, ({ path }) => ({ contents: `export * from 'node:${path.replace(/^node:/, '')}';` }));
  },
};

import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

const SCHEMA = /^export var (\w+\$?) = (\[[\s\S]*?\]);$/gm;

/**
 * Lets esbuild drop the SDK's schemas of operations that are never called: for S3, most of them and a sixth of the load time.
 *
 * They are constants whose objects have computed keys, and esbuild keeps these because computing a key could run code. Wrapped in a
 * function call marked as pure, unused ones can be dropped. If the SDK changes their form, the bundles only become larger.
 */
export const dropUnusedSchemas: Plugin = {
  name: 'drop-unused-schemas',
  setup({ onLoad }) {
    onLoad({ filter: /@aws-sdk[\\/]client-[^\\/]+[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replaceAll(SCHEMA, 'export var $1 = /* @__PURE__ */ (() => $2)();'),
    }));
  },
};

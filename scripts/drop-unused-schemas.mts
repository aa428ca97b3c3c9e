import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

const SCHEMA = /^export var (\w+\$?) = (\[[\s\S]*?\]);$/gm;

/**
 * Lets esbuild drop the SDK's descriptions of operations that are never called: for S3 that is most of them, and a sixth of the load time.
 *
 * They are constants whose objects have computed keys, which esbuild keeps because computing a key could run code. Made the result of
 * a function marked as pure, they go if nobody uses them. Were the SDK to write them in another way, only the bundles would be larger.
 */
export const dropUnusedSchemas: Plugin = {
  name: 'drop-unused-schemas',
  setup({ onLoad }) {
    onLoad({ filter: /@aws-sdk[\\/]client-[^\\/]+[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replaceAll(SCHEMA, 'export var $1 = /* @__PURE__ */ (() => $2)();'),
    }));
  },
};

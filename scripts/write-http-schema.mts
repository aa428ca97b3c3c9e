/** Writes the JSON Schema of `*.http.json` files; with `--check`, fails if the file is another one. */
import { readFile, writeFile } from 'node:fs/promises';
import { HTTP_SCHEMA, httpSchema } from './http-schema.mts';

const schema = httpSchema();
if (!process.argv.includes('--check')) {
  await writeFile(HTTP_SCHEMA, schema);
} else if (await readFile(HTTP_SCHEMA, 'utf8').catch(() => '') !== schema) {
  process.exitCode = 1;
  console.error('schema/http-source.schema.json does not match the types: run `npm run schema` and commit the result.');
}

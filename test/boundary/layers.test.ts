import { LAYERS } from '../../scripts/layers.mts';
import { circleIn, fileGraph, folderGraph, importsOf, isAllowed, layerOf, readImports, sourceFiles } from './import-graph';

const ENTRY = 'index.ts';

describe('imports between the layers of src go one way', () => {
  test.each(LAYERS.map(({ name }) => name))('%s', (layer) => {
    const imports = readImports().filter(({ file }) => layerOf(file) === layer);

    expect(imports.filter((each) => !isAllowed(each))).toEqual([]);
  });

  test('every file is in a layer, but for the entry', () => {
    const names = LAYERS.map(({ name }) => name);

    expect(sourceFiles().filter((file) => !names.includes(layerOf(file)))).toEqual([ENTRY]);
  });

  test('the entry re-exports constructs, and what users choose between, and nothing else', () => {
    const imports = readImports().filter(({ file }) => file === ENTRY);

    expect(imports).not.toEqual([]);
    expect(imports.filter(({ specifier }) => !/^\.\/(construct\/|protocol\/(http-)?choices$)/.test(specifier))).toEqual([]);
  });
});

describe('no circle', () => {
  test('of files', () => {
    expect(circleIn(fileGraph())).toBeUndefined();
  });

  test('of folders', () => {
    expect(circleIn(folderGraph())).toBeUndefined();
  });

  test('would go unseen', () => {
    expect(circleIn(new Map([['a', ['b', 'c']], ['b', ['c']], ['c', ['d']], ['d', ['b']]]))).toEqual(['b', 'c', 'd', 'b']);
    expect(circleIn(new Map([['a', ['b', 'c']], ['b', ['c']], ['c', []]]))).toBeUndefined();
  });
});

describe('the table names the folders that there are', () => {
  test.each(LAYERS.filter(({ folders }) => folders !== undefined))('$name', ({ name, folders }) => {
    const paths = sourceFiles().map((file) => file.split('/')).filter(([layer, ...rest]) => layer === name && rest.length > 1);

    expect([...new Set(paths.map(([, folder]) => folder!))].sort()).toEqual([...folders!].sort());
  });
});

describe('the check itself', () => {
  test.each([
    ['protocol/keys.ts', 'import { Chunk } from "../runtime/chunks/chunk";'],
    ['protocol/keys.ts', 'import { join } from "node:path";'],
    ['source/index.ts', 'import type { Bucket } from "@aws-sdk/client-s3";'],
    ['source/http/paging.ts', 'export * from "../../runtime/fetch/page-loop";'],
    ['source/schema.ts', 'const zod = await import("zod");'],
    ['runtime/lambda/fetch.lambda.ts', 'import { Duration } from "aws-cdk-lib";'],
    ['runtime/fetch/page-loop.ts', 'import { Grants } from "../../construct/grants";'],
    ['runtime/log/commit-log.ts', 'import { Persist } from "../publish/persist";'],
    ['runtime/bytes/crc32.ts', 'import type { Clock } from "../ports/ports";'],
    ['construct/base/kinds.ts', 'import { settings } from "../machine/settings";'],
    ['construct/machine/steps.ts', 'import { PaginatedImport } from "../paginated-import";'],
    ['construct/paginated-import.ts', 'import { PageLoop } from "../runtime/fetch/page-loop";'],
    ['construct/paginated-import.ts', 'import { S3Client } from "@aws-sdk/client-s3";'],
    ['construct/bundling.ts', 'const source = require("../source/define-source");'],
    ['local/machine.ts', 'export * from "..";'],
  ])('refuses, in %s: %s', (file, text) => {
    expect(importsOf(file, text).map(isAllowed)).toEqual([false]);
  });

  test.each([
    ['source/index.ts', 'export * from "../protocol/fetch-contract";'],
    ['runtime/lambda/fetch.lambda.ts', 'import { PutObjectCommand } from "@aws-sdk/client-s3";'],
    ['runtime/fetch/page-loop.ts', 'import { crc32 } from "node:zlib";'],
    ['runtime/publish/persist.ts', 'import { CommitLog } from "../log/commit-log";'],
    ['construct/paginated-import.ts', 'import { retryStep } from "./machine/retries";'],
    ['construct/paginated-import.ts', 'import { Bucket } from "aws-cdk-lib/aws-s3";'],
    ['local/machine.ts', 'import { defineSource } from "../source";'],
  ])('accepts, in %s: %s', (file, text) => {
    expect(importsOf(file, text).map(isAllowed)).toEqual([true]);
  });
});

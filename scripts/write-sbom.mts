/** `npm run sbom`: writes what is bundled as a CycloneDX SBOM, valid by its JSON schema. Takes another file to write to. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Metafile } from 'esbuild';
import { BUILT_IN } from './built-ins-as-imports.mts';
import { ROOT } from './paths.mts';
import { readBundles } from './third-party/bundles.mts';

const SPEC_VERSION = '1.6';

/** Where releases are built. */
const DEFAULT_FILE = join(ROOT, 'dist', 'sbom.cdx.json');

/** The metafiles of all bundles as that of one build. Without inputs of which nothing is left, and without Node.js itself. */
function mergedMetafile(): Metafile {
  const metafiles = readBundles().map(({ metafile }) => metafile);
  const outputs = metafiles.flatMap((metafile) => Object.entries(metafile.outputs)).map(([file, output]) => [file, {
    ...output, inputs: Object.fromEntries(Object.entries(output.inputs)
      .filter(([name, { bytesInOutput }]) => bytesInOutput > 0 && !name.startsWith(`${BUILT_IN}:`))),
  }]);
  return { inputs: Object.assign({}, ...metafiles.map(({ inputs }) => inputs)), outputs: Object.fromEntries(outputs) };
}

/** The same build makes the same file: it has neither a time nor a serial number. */
async function writeSbom(metafile: string, file: string): Promise<void> {
  const tool = join(dirname(createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-esbuild')), '..', 'bin', 'cyclonedx-esbuild-cli.js');
  await promisify(execFile)(process.execPath, [
    tool, '--spec-version', SPEC_VERSION, '--mc-type', 'library', '--output-reproducible', '--validate', '--output-file', file, metafile,
  ], { cwd: ROOT });
}

const file = resolve(process.argv[2] ?? DEFAULT_FILE);
const folder = await mkdtemp(join(tmpdir(), 'sbom-'));
try {
  await writeFile(join(folder, 'metafile.json'), JSON.stringify(mergedMetafile()));
  await writeSbom(join(folder, 'metafile.json'), file);
  console.log(file);
} finally {
  await rm(folder, { recursive: true, force: true });
}

import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CsvSettings, fileExtension, FormatName, OutputSettings } from '../../protocol/output-settings';
import { TemporaryFiles } from './temporary-files';

/** The apps that the command runs, one per kind of output, synthesized when the package was built. */
const ASSEMBLIES = join(__dirname, 'run-app');

const TEMPLATE_FILE = 'Run.template.json';
const ASSETS_FILE = 'Run.assets.json';

/** The CSV settings in the state machine's definition, which is JSON inside the template's JSON. */
const CSV_SETTINGS = /(?<=\\"format\\":)\{\\"name\\":\\"csv\\".*?\}/g;

/** For Initialize, and for Persist, which compares the destination. */
const CSV_SETTINGS_TIMES = 2;

/** The cloud assembly for a kind of output: the package's own or, for CSV, a copy with the columns. */
export function runAssembly({ format, compression }: Pick<OutputSettings, 'format' | 'compression'>, temporary: TemporaryFiles): string {
  const assembly = join(ASSEMBLIES, fileExtension({ format, compression }));
  return format.name === FormatName.CSV ? withSettings(assembly, format, temporary.folder()) : assembly;
}

function withSettings(assembly: string, settings: CsvSettings, folder: string): string {
  cpSync(assembly, folder, { recursive: true });
  const template = readFileSync(join(assembly, TEMPLATE_FILE), 'utf8');
  let replaced = 0;
  const changed = template.replace(CSV_SETTINGS, () => {
    replaced += 1;
    return escaped(settings);
  });
  if (replaced !== CSV_SETTINGS_TIMES) throw new Error(`${assembly} has the settings of its CSV ${replaced} times: the package is damaged. Install it again.`);
  writeFileSync(join(folder, TEMPLATE_FILE), changed);
  referFromElsewhere(assembly, folder);
  return folder;
}

/** Makes the copy refer to the Lambda code in the package. */
function referFromElsewhere(assembly: string, folder: string): void {
  const file = join(folder, ASSETS_FILE);
  const assets = JSON.parse(readFileSync(file, 'utf8')) as { readonly files: Record<string, { readonly source: { path: string } }> };
  for (const { source } of Object.values(assets.files)) source.path = resolve(assembly, source.path);
  writeFileSync(file, JSON.stringify(assets));
}

/** As it appears inside a JSON string. */
function escaped(value: unknown): string {
  return JSON.stringify(JSON.stringify(value)).slice(1, -1);
}

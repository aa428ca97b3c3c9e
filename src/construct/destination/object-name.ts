import { Construct } from 'constructs';
import { Compression } from '../../protocol/choices';
import { fileExtension, FileKind, FormatName } from '../../protocol/output-settings';
import { warn, WarningId } from '../base/warnings';
import { extensionOf } from './destination-key';

/** Extensions that tell people and programs what an object contains. */
const EXTENSIONS: { readonly [name in FormatName]: readonly string[] } = {
  [FormatName.JSON_LINES]: ['.jsonl', '.ndjson'],
  [FormatName.JSON_ARRAY]: ['.json'],
  [FormatName.CSV]: ['.csv'],
};

const GZIP = '.gz';

/** Warns about a key whose extension does not match its content: Athena, Spark and many other programs rely on it. */
export function warnOfName(scope: Construct, key: string, output: FileKind): void {
  const extension = extensionOf(key);
  if (extension === undefined) return;
  const remedy = `End it in .${fileExtension(output)}.`;
  const isGzip = extension.endsWith(GZIP);
  if (isGzip !== (output.compression === Compression.GZIP)) {
    warn(scope, WarningId.DESTINATION_KEY_COMPRESSION, `The destination key '${key}' ${isGzip ? 'ends' : 'does not end'} in ${GZIP}, but its object is ${isGzip ? 'not ' : ''}`
      + `compressed. ${remedy}`);
  }
  const named = formatNamed(isGzip ? extension.slice(0, -GZIP.length) : extension);
  if (named !== undefined && named !== output.format.name) {
    warn(scope, WarningId.DESTINATION_KEY_FORMAT, `The destination key '${key}' has the name of a ${named} file, but its object is ${output.format.name}. ${remedy}`);
  }
}

function formatNamed(extension: string): FormatName | undefined {
  return Object.values(FormatName).find((name) => EXTENSIONS[name].some((known) => extension.endsWith(known)));
}

import { statSync } from 'node:fs';
import { FunctionCode } from '../lambda/function-definition';
import { Assembly } from './assembly';
import { AssemblyError } from './assembly-error';
import { describeResource, Resource } from './resource';

/** What to do about code that cannot run here, as the end of a message. */
const WAY_OUT = 'Pass a function to replace it, or a folder with code for the same handler.';

/**
 * The code of a function.
 *
 * @throws AssemblyError if it is neither in a folder of the assembly nor in the template
 */
export function functionCode(assembly: Assembly, resource: Resource): FunctionCode {
  const { ZipFile, S3Key, ImageUri } = assembly.resolve(resource, resource.properties.Code ?? {}) as Record<string, unknown>;
  if (typeof ZipFile === 'string') return { inline: ZipFile };
  if (ImageUri !== undefined) throw new AssemblyError(`Function ${describeResource(resource)} is a container image, which cannot run here. ${WAY_OUT}`);
  const asset = resource.stack.assets.get(String(S3Key));
  if (asset === undefined) throw new AssemblyError(`The code of function ${describeResource(resource)} is not an asset of the assembly. ${WAY_OUT}`);
  return { directory: assetDirectory(asset, resource) };
}

function assetDirectory(asset: string, resource: Resource): string {
  const found = statSync(asset, { throwIfNoEntry: false });
  if (!found) throw new AssemblyError(`The code of function ${describeResource(resource)} is not at ${asset}. Synthesize the app again.`);
  if (found.isDirectory()) return asset;
  throw new AssemblyError(`The code of function ${describeResource(resource)} is the archive ${asset}, which cannot run here. ${WAY_OUT}`);
}

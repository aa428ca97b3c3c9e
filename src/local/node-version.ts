/** The first version with `zlib.crc32`, which the Lambda code calls. */
const OLDEST = [22, 2] as const;

/** @throws Error if the Lambda code cannot run on this version of Node.js */
export function requireNodeVersion(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new Error(`Imports run on Node.js ${OLDEST.join('.')} and newer; this is ${version}. Install a newer Node.js; 24 is what Lambda runs them on.`);
}

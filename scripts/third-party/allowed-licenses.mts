import satisfies from 'spdx-satisfies';
import { idOf, type BundledPackage } from './bundled-packages.mts';

/** Permissive licenses: code under them may be part of a package under Apache-2.0, if their notices go with it. */
const ALLOWED = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT', 'MIT-0'];

/** Why a package must not be bundled; `undefined` if it may be. */
export function licenseProblem(bundled: Pick<BundledPackage, 'name' | 'version' | 'license'>): string | undefined {
  const { license } = bundled;
  if (license === undefined) return `${idOf(bundled)} is bundled, and its package.json names no license. Bundle another package.`;
  if (isAllowed(license)) return undefined;
  return `${idOf(bundled)} is bundled, and its license ${license} is not one of ${ALLOWED.join(', ')}. `
    + 'Bundle another package, or add the license in scripts/third-party/allowed-licenses.mts if it is permissive.';
}

/** False also for what is no SPDX expression, such as `SEE LICENSE IN LICENSE.txt`. */
function isAllowed(license: string): boolean {
  try {
    return satisfies(license, ALLOWED);
  } catch {
    return false;
  }
}

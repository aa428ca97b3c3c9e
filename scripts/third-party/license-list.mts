import { idOf, type BundledPackage } from './bundled-packages.mts';

/** The published file with the notices, at the root of the repository and of the tarball. */
export const LICENSE_LIST = 'THIRD-PARTY-LICENSES';

const SEPARATOR = '='.repeat(80);
const ENTRY = new RegExp(`^${SEPARATOR}\n(\\S+@\\S+)\n`, 'gm');

const PREFACE = `This package contains code of the packages below. Each is listed with the files that contain it, and with its license.
A text that several packages have is printed once, and the others refer to it.
`;

/** The text of the file. Packages must be sorted; the same packages make the same text. */
export function licenseList(packages: readonly BundledPackage[]): string {
  const printed = new Map<string, string>();
  return [PREFACE, ...packages.map((each) => `${SEPARATOR}\n${entryOf(each, printed)}`)].join('\n');
}

/** The packages that a text has entries for, as `name@version`. */
export function packagesListedIn(text: string): string[] {
  return [...text.matchAll(ENTRY)].map(([, id]) => id!);
}

/** @param printed where each text has been printed; those of this entry are added */
function entryOf(bundled: BundledPackage, printed: Map<string, string>): string {
  const { license, author, repository, bundles } = bundled;
  const fields = [idOf(bundled), `License: ${license}`, author && `Author: ${author}`, repository && `Source: ${repository}`];
  const sections = [[...fields.filter(Boolean), `In: ${bundles.join(', ')}`].join('\n'), ...textsOf(bundled, printed), ...commentsOf(bundled)];
  return `${sections.join('\n\n')}\n`;
}

function textsOf(bundled: BundledPackage, printed: Map<string, string>): string[] {
  const { texts, license } = bundled;
  if (texts.length === 0) return [`The package has no license file. Its package.json says: ${license}.`];
  return texts.map(({ file, text }) => {
    const before = printed.get(text);
    if (before !== undefined) return `--- ${file}: the same as ${before} ---`;
    printed.set(text, `${file} of ${idOf(bundled)}`);
    return `--- ${file} ---\n\n${text}`;
  });
}

function commentsOf({ legalComments }: BundledPackage): string[] {
  return legalComments.length === 0 ? [] : [`--- In its code ---\n\n${legalComments.join('\n\n')}`];
}

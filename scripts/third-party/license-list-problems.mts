import { bundledPackages, idOf } from './bundled-packages.mts';
import type { Bundle } from './bundles.mts';
import { LICENSE_LIST, licenseList, packagesListedIn } from './license-list.mts';

/** Bundles, as opposed to files of our own. lib/local/index.js only re-exports. */
const BUNDLE = /^(?:assets\/.+|lib\/local\/(?!index\.js$)[^/]+\.js)$/;

/**
 * What keeps the tarball from being published with the notices of all that it contains.
 *
 * @param published the files of the tarball
 * @param text of the list of licenses
 */
export function licenseListProblems(published: ReadonlySet<string>, bundles: readonly Bundle[], text: string): string[] {
  if (!published.has(LICENSE_LIST)) return [`${LICENSE_LIST} is not in the tarball: run \`npm run build\`, and keep it in \`files\``];
  const known = new Set(bundles.map(({ file }) => file));
  const unknown = [...published].filter((path) => BUNDLE.test(path) && !known.has(path)).map((path) => `nothing says what ${path} contains`);
  const packages = bundledPackages(bundles);
  const listed = new Set(packagesListedIn(text));
  const missing = packages.filter((each) => !listed.has(idOf(each)))
    .map((each) => `${LICENSE_LIST} lacks ${idOf(each)}, which is in ${each.bundles.join(', ')}`);
  const problems = [...unknown, ...missing];
  return problems.length === 0 && text !== licenseList(packages) ? [`${LICENSE_LIST} is out of date: run \`npm run licenses\``] : problems;
}

/** `npm run licenses`: writes the licenses of all that is bundled. Fails if a package must not be bundled. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './paths.mts';
import { licenseProblem } from './third-party/allowed-licenses.mts';
import { bundledPackages } from './third-party/bundled-packages.mts';
import { readBundles } from './third-party/bundles.mts';
import { LICENSE_LIST, licenseList } from './third-party/license-list.mts';

const packages = bundledPackages(readBundles());
const problems = packages.flatMap((bundled) => licenseProblem(bundled) ?? []);
problems.forEach((problem) => console.error(problem));
if (problems.length === 0) {
  await writeFile(join(ROOT, LICENSE_LIST), licenseList(packages));
  console.log(`${LICENSE_LIST}  ${packages.length} packages`);
}
process.exitCode = problems.length > 0 ? 1 : 0;

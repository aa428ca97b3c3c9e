/** Fails if the tarball should not be published. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { packageProblems, type Packed } from './package-problems.mts';
import { ROOT } from './paths.mts';

const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: ROOT, maxBuffer: 2 ** 26 });
const [packed] = JSON.parse(stdout) as [Packed];
const problems = await packageProblems(packed);
problems.forEach((problem) => console.error(problem));
console.log(`${packed.files.length} files, ${(packed.size / 1000).toFixed(0)} KB packed`);
process.exitCode = problems.length > 0 ? 1 : 0;

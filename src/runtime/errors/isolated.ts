import { describeError } from './describe-error';

/**
 * A listener that has no say: it is told of what happens, and if it fails, that is no failure of the import. Otherwise to add one, say for
 * metrics, could change what is published. Its first failure is a warning of the process; it is told of what comes next all the same.
 */
export function isolated<Told extends unknown[]>(listener: ((...told: Told) => void) | undefined): (...told: Told) => void {
  let hasFailed = false;
  return (...told) => {
    try {
      listener?.(...told);
    } catch (error) {
      if (!hasFailed) process.emitWarning(`A listener of the import has failed, which changes nothing for the import: ${describeError(error)}. Correct it.`);
      hasFailed = true;
    }
  };
}

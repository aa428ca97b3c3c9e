import { Observer } from '../ports/observer';
import { World } from '../ports/ports';
import { describeError } from './describe-error';

/**
 * The world with an observer that cannot fail the import. Otherwise a new observer, say for metrics, could change what is published. Its
 * first failure becomes a process warning. It is still called for later events.
 */
export function withIsolatedObserver<Any extends World>(world: Any): Any {
  const { observer } = world;
  const report = reporter();
  const isolated: Observer = {
    pageDone: (...told) => report(() => observer.pageDone(...told)),
    attemptFailed: (...told) => report(() => observer.attemptFailed(...told)),
    warned: (...told) => report(() => observer.warned(...told)),
  };
  return { ...world, observer: isolated };
}

function reporter(): (tell: () => void) => void {
  let hasFailed = false;
  return (tell) => {
    try {
      tell();
    } catch (error) {
      if (!hasFailed) process.emitWarning(`An observer of the import has failed, which changes nothing for the import: ${describeError(error)}. Correct it.`);
      hasFailed = true;
    }
  };
}

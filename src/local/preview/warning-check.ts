import { HttpSettings } from '../../protocol/http-settings';
import { Preview } from './previewed-page';

/** A check for one thing that would bite later. */
export interface WarningCheck {
  /** For programs: does not change. */
  readonly name: string;
  /** @returns what it is, and what to do; `undefined` if all is well */
  readonly check: (settings: HttpSettings, preview: Preview) => string | undefined;
}

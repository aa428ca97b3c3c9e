import { HttpSettings } from '../../protocol/http-settings';
import { PAGE_WARNINGS } from './page-warnings';
import { Preview } from './previewed-page';
import { SETTINGS_WARNINGS } from './settings-warnings';

/** Something that a preview shows and that would bite later. */
export interface PreviewWarning {
  /** For programs: does not change. */
  readonly name: string;
  /** What it is, and what to do. */
  readonly message: string;
}

export function warningsOf(settings: HttpSettings, preview: Preview): readonly PreviewWarning[] {
  return [...SETTINGS_WARNINGS, ...PAGE_WARNINGS].flatMap(({ name, check }) => {
    const message = check(settings, preview);
    return message === undefined ? [] : [{ name, message }];
  });
}

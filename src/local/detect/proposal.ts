import { HttpSettings } from '../../protocol/http-settings';

/** What was found out about a setting, or could not be. */
export interface Finding {
  /** The setting's path: `pagination.size`. */
  readonly setting: string;
  /** Why it is as it is, or why it is left out. */
  readonly reason: string;
  /** Whether a person should look at it. */
  readonly isSure: boolean;
}

/** Settings for a source, and why they are so. */
export interface Proposal {
  readonly settings: HttpSettings;
  readonly findings: readonly Finding[];
  /** Requests that were sent. */
  readonly requests: number;
}

/** What a search has found, and how far it went. */
export class Tally {
  /** What a search in another process has found. */
  public static parse(json: string): Tally {
    const { schedules, longestChain, violations, faults } = JSON.parse(json) as Written;
    const tally = new Tally();
    tally.schedules = schedules;
    tally.longestChain = longestChain;
    tally.violations.push(...violations);
    faults.forEach(([kind, times]) => tally.count(kind, times));
    return tally;
  }

  public schedules = 0;
  /** Faults that struck, by kind. */
  public readonly faults = new Map<string, number>();
  public readonly violations: Violation[] = [];
  /** Commit records of the longest log. */
  public longestChain = 0;

  /** @param bails whether the search ends with the first violation */
  constructor(public readonly bails: boolean = false) {}

  /** A schedule has been run. */
  public schedule(name: string, chain: number, problems: readonly string[]): void {
    this.schedules += 1;
    this.longestChain = Math.max(this.longestChain, chain);
    if (problems.length > 0) this.violation({ schedule: name, problems });
  }

  public violation(violation: Violation): void {
    this.violations.push(violation);
    if (this.bails) throw new SearchEnded();
  }

  /** Faults have struck. */
  public count(kind: string, times: number = 1): void {
    this.faults.set(kind, (this.faults.get(kind) ?? 0) + times);
  }

  public get faultsInjected(): number {
    return [...this.faults.values()].reduce((sum, times) => sum + times, 0);
  }

  /** For `parse`. */
  public toJSON(): unknown {
    const { schedules, longestChain, violations } = this;
    return { schedules, longestChain, violations, faults: [...this.faults] };
  }

  /** Takes over what another search has found. */
  public add(other: Tally): void {
    this.schedules += other.schedules;
    other.faults.forEach((times, kind) => this.count(kind, times));
    this.violations.push(...other.violations);
    this.longestChain = Math.max(this.longestChain, other.longestChain);
  }
}

interface Written extends Pick<Tally, 'schedules' | 'longestChain' | 'violations'> {
  readonly faults: readonly [kind: string, times: number][];
}

/** A violation was found, and one is enough. */
export class SearchEnded extends Error {}

/** A schedule that broke a promise, and how to see it again. */
export interface Violation {
  /** The schedule in words; what `--only` takes. */
  readonly schedule: string;
  readonly problems: readonly string[];
}

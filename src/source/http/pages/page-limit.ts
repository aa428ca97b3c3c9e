/** After so many good answers, twice as many records are asked for again. */
const GOOD_ANSWERS = 5;

/** How many records are asked for at once: fewer after an answer was too large or too slow, and slowly more again. */
export class PageLimit {
  private current: number;
  private good = 0;

  constructor(public readonly pageSize: number) {
    this.current = pageSize;
  }

  public get records(): number {
    return this.current;
  }

  public noteTooLarge(limit: number): void {
    this.current = Math.max(1, Math.ceil(limit / 2));
    this.good = 0;
  }

  public noteGood(): void {
    if (this.current >= this.pageSize || ++this.good < GOOD_ANSWERS) return;
    this.current = Math.min(this.pageSize, this.current * 2);
    this.good = 0;
  }
}

import { Chance } from '../../src/runtime/ports/ports';

const HEX = '0123456789abcdef';

/** Chance that is the same for the same seed (mulberry32). */
export class SeededChance implements Chance {
  private state: number;

  constructor(seed: number = 1) {
    this.state = seed >>> 0;
  }

  public fraction(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  public uuid(): string {
    return `${this.hex(8)}-${this.hex(4)}-${this.hex(4)}-${this.hex(4)}-${this.hex(12)}`;
  }

  private hex(digits: number): string {
    let hex = '';
    while (hex.length < digits) hex += HEX[this.below(16)]!;
    return hex;
  }

  /** A whole number from 0 to `bound`, exclusive. */
  public below(bound: number): number {
    return Math.floor(this.fraction() * bound);
  }

  /** True once in so many times, on average. */
  public oneIn(times: number): boolean {
    return this.below(times) === 0;
  }

  /** One of the items. */
  public pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)]!;
  }
}

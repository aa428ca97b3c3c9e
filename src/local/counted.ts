import { plural } from '../protocol/plural';

/** A number and what it counts: `1 page`, `1,200 pages`. */
export function counted(value: number, singular: string): string {
  const rounded = Math.round(value);
  return `${rounded.toLocaleString('en-US')} ${plural(rounded, singular)}`;
}

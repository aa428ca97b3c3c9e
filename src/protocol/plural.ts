/** The noun for so many: `page` for 1, `pages` for any other number. */
export function plural(count: number, singular: string): string {
  return count === 1 ? singular : `${singular}s`;
}

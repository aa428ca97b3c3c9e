import { Field } from '../signs/fields';

const FLAGS = ['hasmore', 'hasnextpage', 'hasnext', 'more', 'morerecords', 'moreitems', 'moreresults', 'istruncated', 'moreavailable'];

/** The flag that says whether there are more pages. */
export function flagIn(fields: readonly Field[]): Field | undefined {
  return fields.find(({ plainName, value }) => FLAGS.includes(plainName) && typeof value === 'boolean');
}

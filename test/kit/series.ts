import { Series } from '../../src/protocol/series';

/** The series of the kit's imports. */
export const SERIES: Series = { cachePrefix: 'cache', name: 'orders', owner: '123456789012/eu-central-1/Imports' };

import { byKeyset } from './by-keyset';
import { byLinkHeader, byNextLink, byOdata } from './by-link';
import { byCouch, byOffset } from './by-offset';
import { byPage } from './by-page';
import { byToken } from './by-token';
import { byTrial } from './by-trial';
import { Recogniser } from './candidate';

/** All styles, the clearest signs first: a link or token that is there says more than the name of a parameter. */
export const RECOGNISERS: readonly Recogniser[] = [
  { name: 'Link header', candidates: byLinkHeader },
  { name: 'OData', candidates: byOdata },
  { name: 'CouchDB', candidates: byCouch },
  { name: 'link in the body', candidates: byNextLink },
  { name: 'token', candidates: byToken },
  { name: 'page number', candidates: byPage },
  { name: 'offset and limit', candidates: byOffset },
  { name: 'after the last record', candidates: byKeyset },
  { name: 'tried out', candidates: byTrial, isBlind: true },
];

import { relationIn } from '../../source/http/paging/link-header';
import { Field } from '../signs/fields';
import { Candidate } from './candidate';
import { Sample } from './sample';

/** The `Link` header (RFC 8288). On the last page, other relations show that the source uses it. */
export function byLinkHeader({ response }: Sample): readonly Candidate[] {
  const header = response.headers.link ?? '';
  const relation = ['next', 'prev', 'previous', 'first', 'last'].find((each) => relationIn(header, each) !== undefined);
  return relation === undefined ? [] : [{ pagination: { style: 'link-header' }, reason: `the Link header has the relation ${relation}` }];
}

/** OData. The last page has no link, so that the context is the sign. */
export function byOdata({ fields }: Sample): readonly Candidate[] {
  const link = fields.find(({ plainName }) => plainName === 'odatanextlink' || plainName === 'odatanextlinkuri');
  const context = fields.find(({ plainName }) => plainName === 'odatacontext' || plainName === 'odatametadata');
  const path = link?.path ?? (context === undefined ? undefined : '$[\'@odata.nextLink\']');
  if (path === undefined) return [];
  return [{ pagination: { style: 'next-link', link: { body: path } }, reason: `${link === undefined ? context!.path : path} is OData's` }];
}

/** Names of a link to the next page, as `plain` writes their whole paths. */
const LINKS = [
  'linksnext', 'linksnexthref', 'nextlink', 'nextpagelink', 'nexturl', 'nextpageurl', 'nextpageuri', 'nexthref', 'nextrecordsurl',
  'pagingnext', 'paginationnext', 'paginationnexturl', 'paginationlinksnext', 'metanext', 'metanexturl', 'metalinksnext', 'metapaginationlinksnext',
  'next', 'nextpage',
];

/** A link in the body: JSON:API, HAL, and many others. */
export function byNextLink({ fields }: Sample): readonly Candidate[] {
  const links = fields.filter(({ plainPath, value }) => LINKS.includes(plainPath) && (isLink(value) || value === null));
  // A link that is there says more than one that is null.
  const [best] = links.toSorted((one, other) => Number(other.value !== null) - Number(one.value !== null));
  return best === undefined ? [] : [{ pagination: { style: 'next-link', link: { body: best.path } }, reason: reasonOf(best) }];
}

function reasonOf({ path, value }: Field): string {
  return value === null ? `${path} is null, as a link to the next page is on the last one` : `${path} is a link`;
}

/** Absolute, or relative. */
function isLink(value: unknown): value is string {
  return typeof value === 'string' && /^(?:https?:\/\/|\/|\?)/i.test(value);
}

/** The link to the next page in a sample, for the parameters in it. */
export function nextLinkOf({ response, fields }: Sample): URL | undefined {
  const inHeader = relationIn(response.headers.link ?? '', 'next');
  const inBody = fields.find(({ plainPath, plainName, value }) => (LINKS.includes(plainPath) || plainName === 'odatanextlink') && isLink(value))?.value as string | undefined;
  const link = inHeader ?? inBody;
  return link !== undefined && URL.canParse(link, response.url.href) ? new URL(link, response.url) : undefined;
}

/**
 * The target of the first link with a relation, in a `Link` header: https://www.rfc-editor.org/rfc/rfc8288.html#section-3
 *
 * @returns `undefined` if there is none
 */
export function relationIn(header: string, relation: string): string | undefined {
  for (const [, target, parameters = ''] of header.matchAll(LINK)) {
    const [, quoted, token] = REL.exec(parameters) ?? [];
    if ((quoted ?? token ?? '').toLowerCase().split(/\s+/).includes(relation.toLowerCase())) return target;
  }
  return undefined;
}

/** `<target>`, and parameters whose quoted values may contain commas. */
const LINK = /<([^>]*)>((?:\s*;\s*[\w!#$&+\-.^`|~*]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s;,"]+))?)*)/g;

const REL = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i;

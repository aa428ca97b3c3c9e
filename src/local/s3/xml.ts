import type { FastifyReply } from 'fastify';

/** An XML element: `content` is text to escape, a number, or child elements. `undefined` children are left out. */
export function element(name: string, content: string | number | readonly (Markup | undefined)[]): Markup {
  const inside = typeof content === 'object' ? content.map((child) => child?.markup ?? '').join('') : escapeXml(String(content));
  return { markup: `<${name}>${inside}</${name}>` };
}

/** Escaped XML, as opposed to text that must still be escaped. */
export interface Markup {
  readonly markup: string;
}

/** A document in S3's namespace around its root element. */
export function xmlDocument(root: Markup): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root.markup.replace('>', ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/">')}`;
}

export function sendXml(reply: FastifyReply, root: Markup): void {
  reply.header('content-type', 'application/xml').send(xmlDocument(root));
}

/** The text of the first element of that name in a document without nested elements of the same name. */
export function textOf(markup: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(markup)?.[1];
  return text === undefined ? undefined : unescapeXml(text);
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\'': '&apos;' };

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

const CHARACTERS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(ENTITIES).map(([character, entity]) => [entity, character]),
);

function unescapeXml(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|apos);/g, (entity) => CHARACTERS[entity]!);
}

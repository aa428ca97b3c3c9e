import { inspect } from 'node:util';

/** Shorter binary encodings are too likely by chance. */
const ENCODED_CHARACTERS = 6;

/** Plain, in URLs and forms, in JSON and other quotes, and as binary data. */
export function waysToWrite(secret: string): Set<string> {
  // Half of a surrogate pair becomes U+FFFD, as when it is sent.
  const text = Buffer.from(secret).toString();
  const quoted = inQuotes(secret);
  const ways = [secret, secret.trim(), text, ...inUrls(text), ...quoted];
  const encoded = [text, quoted[0]!].flatMap((way) => binary(Buffer.from(way))).filter(({ length }) => length >= ENCODED_CHARACTERS);
  return new Set([...ways, ...encoded].filter((way) => way !== ''));
}

function inUrls(text: string): string[] {
  const encoded = encodeURIComponent(text);
  const strict = encoded.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  const form = new URLSearchParams([['', text]]).toString().slice(1);
  const ways = [encoded, strict, form, encoded.replaceAll('%20', '+'), encodeURI(text)];
  return [...ways, ...ways.map(inLowerCase), ...ways.map(encodeURIComponent)];
}

function inLowerCase(encoded: string): string {
  return encoded.replace(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase());
}

function inQuotes(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const ascii = json.replace(/[^\x20-\x7e]/g, escaped);
  const html = text.replace(/[&<>"']/g, (character) => `&${HTML_NAMES[character]};`);
  const ways = [json, ascii, json.replaceAll('/', '\\/'), ascii.replace(/[<>&]/g, escaped)];
  return [...ways, ...ways.map((way) => JSON.stringify(way).slice(1, -1)), inspect(text, { maxStringLength: null }).slice(1, -1), html];
}

const HTML_NAMES: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": '#39' };

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** As hex and base64, on its own or inside of something that is encoded as a whole. */
function binary(bytes: Buffer): string[] {
  const hex = bytes.toString('hex');
  const base64 = [bytes.toString('base64'), ...[0, 1, 2].map((before) => insideBase64(bytes, before))];
  const ways = [...base64, base64[0]!.replaceAll('=', '')];
  return [hex, hex.toUpperCase(), ...ways, ...ways.map((way) => way.replaceAll('+', '-').replaceAll('/', '_'))];
}

/** The characters of the base64 that depend on these bytes only, with so many bytes before them (modulo 3). */
function insideBase64(bytes: Buffer, before: number): string {
  const bits = (before + bytes.byteLength) * 8;
  return Buffer.concat([Buffer.alloc(before), bytes]).toString('base64').slice(Math.ceil(before * 8 / 6), Math.floor(bits / 6));
}

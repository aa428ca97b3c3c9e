const LINE_FEED = 10;

/** The text up to the first line feed, without it; `undefined` where there is none. */
export function firstLine(head: Uint8Array): string | undefined {
  const end = head.indexOf(LINE_FEED);
  // Bytes are cut before they are read as text: the end of the head may be the middle of a character.
  return end < 0 ? undefined : textOf(head.subarray(0, end));
}

export function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

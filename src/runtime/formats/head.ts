const LINE_FEED = 10;

/** The text before the first line feed; `undefined` if there is none. */
export function firstLine(head: Uint8Array): string | undefined {
  const end = head.indexOf(LINE_FEED);
  // Cut before decoding: the head may end in the middle of a character.
  return end < 0 ? undefined : textOf(head.subarray(0, end));
}

export function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

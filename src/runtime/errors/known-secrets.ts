import { waysToWrite } from './ways-to-write';

/** Finds strings that are known to be secrets in a text, in all the ways in which they are commonly written. */

/** Shorter strings of secret fields are found as whole words only. */
const PART_OF_WORD_CHARACTERS = 4;

/** What is written for each secret with the same first characters, by the length of the secret. */
type Family = Map<number, Map<string, string>>;

/** A secret that was found in a text, and what to write in its place. */
interface Found {
  readonly length: number;
  readonly name: string;
}

/** Secrets, and what to write for each. */
export class KnownSecrets {
  private readonly families = new Map<string, Family>();

  public add(secret: string, name: string): void {
    for (const written of waysToWrite(secret)) {
      const start = written.slice(0, PART_OF_WORD_CHARACTERS);
      const family: Family = this.families.get(start) ?? new Map<number, Map<string, string>>();
      const sameLength = family.get(written.length) ?? new Map<string, string>();
      this.families.set(start, family.set(written.length, sameLength.set(written, name)));
    }
  }

  /**
   * Goes through the text once, however many secrets there are.
   *
   * @param isCut whether the text goes on: its end may be the beginning of a secret
   */
  public replacedIn(text: string, isCut: boolean): string {
    if (this.families.size === 0) return text;
    const pieces: string[] = [];
    let from = 0;
    for (let index = 0; index < text.length;) {
      const found = this.at(index, text, isCut);
      if (found !== undefined) pieces.push(text.slice(from, index), found.name);
      index += found?.length ?? 1;
      if (found !== undefined) from = index;
    }
    return [...pieces, text.slice(from)].join('');
  }

  private at(index: number, text: string, isCut: boolean): Found | undefined {
    for (let length = PART_OF_WORD_CHARACTERS; length > 0; length--) {
      const family = this.families.get(text.slice(index, index + length));
      const found = family && (longestAt(index, text, family) ?? (isCut ? begunAt(index, text, family) : undefined));
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** The longest, since one may begin like another. */
function longestAt(index: number, text: string, family: Family): Found | undefined {
  for (const length of [...family.keys()].sort((one, other) => other - one)) {
    const name = family.get(length)!.get(text.slice(index, index + length));
    const isPart = length < PART_OF_WORD_CHARACTERS && (isInWord(text[index - 1]) || isInWord(text[index + length]));
    if (name !== undefined && !isPart) return { length, name };
  }
  return undefined;
}

/** One that the text begins and does not end. */
function begunAt(index: number, text: string, family: Family): Found | undefined {
  const rest = text.slice(index);
  for (const [length, secrets] of family) {
    const begun = length > rest.length ? [...secrets].find(([written]) => written.startsWith(rest)) : undefined;
    if (begun !== undefined) return { length: rest.length, name: begun[1] };
  }
  return undefined;
}

function isInWord(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}]/u.test(character);
}

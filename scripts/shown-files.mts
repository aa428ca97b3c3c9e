/** A file that a Markdown file shows. */
export interface ShownFile {
  readonly name: string;
  readonly text: string;
}

const FILE = /^```ts\n(\/\/ ([\w.-]+\.ts)\n[\s\S]*?)^```/gm;

/** The files that a Markdown text shows in full: TypeScript snippets that begin with the file's name as a comment. */
export function shownFiles(markdown: string): ShownFile[] {
  return [...markdown.matchAll(FILE)].map(([, text, name]) => ({ name: name!, text: text! }));
}

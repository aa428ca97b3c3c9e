/** A Node.js Lambda function, as its configuration describes it. */
export interface FunctionDefinition {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  /** Such as `nodejs24.x`. It does not choose the Node.js version, which is this process's own. */
  readonly runtime: string;
  /** `file.export`, the file with its folder and without its extension. */
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly code: FunctionCode;
}

/** A folder with the unpacked code, or the text of the one module that there is. */
export type FunctionCode = { readonly directory: string } | { readonly inline: string };

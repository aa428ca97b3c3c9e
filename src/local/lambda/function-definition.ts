/** A Node.js Lambda function, as its configuration describes it. */
export interface FunctionDefinition {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  /** Such as `nodejs24.x`. The actual Node.js version is always this process's. */
  readonly runtime: string;
  /** `file.export`, where the file has its folder but no extension. */
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly code: FunctionCode;
}

/** A folder with the unpacked code, or the text of a single module. */
export type FunctionCode = { readonly directory: string } | { readonly inline: string };

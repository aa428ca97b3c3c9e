/**
 * The part of the Standard Schema interface (https://standardschema.dev) that this package uses. Any library that implements it can
 * describe a source's input and records, for example zod, valibot and ArkType.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

/** The value, or what is wrong with it. */
export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** One thing that is wrong with a value. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What a schema makes of a value. */
export type SchemaOutput<Schema extends StandardSchema> = Schema extends StandardSchema<unknown, infer Output> ? Output : never;

/**
 * The value as the schema makes it.
 *
 * @param what the value as the message names it; the value itself is never shown
 */
export async function validate<Output>(schema: StandardSchema<unknown, Output>, value: unknown, what: string): Promise<Output> {
  const result = await schema['~standard'].validate(value);
  if (result.issues === undefined) return result.value;
  throw new SchemaMismatch(what, result.issues);
}

/** A value that its schema refuses. */
export class SchemaMismatch extends Error {
  constructor(what: string, issues: readonly SchemaIssue[]) {
    super(`${what} does not match its schema: ${issues.map((issue) => `${pathOf(issue)}${issue.message}`).join('; ')}`);
    this.name = 'SchemaMismatch';
  }
}

function pathOf(issue: SchemaIssue): string {
  const path = (issue.path ?? []).map((step) => String(typeof step === 'object' ? step.key : step)).join('.');
  return path === '' ? '' : `${path}: `;
}

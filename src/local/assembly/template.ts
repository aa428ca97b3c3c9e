/** The parts of a CloudFormation template that a local run reads. */
export interface Template {
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
  readonly Parameters?: Readonly<Record<string, TemplateParameter>>;
  readonly Mappings?: Readonly<Record<string, Mapping>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Outputs?: Readonly<Record<string, TemplateOutput>>;
}

/** Values by top level key and second level key. */
export type Mapping = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface TemplateResource {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

export interface TemplateParameter {
  readonly Type: string;
  readonly Default?: unknown;
}

export interface TemplateOutput {
  readonly Value: unknown;
  readonly Export?: { readonly Name: unknown };
}

export const ResourceType = {
  BUCKET: 'AWS::S3::Bucket',
  FUNCTION: 'AWS::Lambda::Function',
  NESTED_STACK: 'AWS::CloudFormation::Stack',
  STATE_MACHINE: 'AWS::StepFunctions::StateMachine',
} as const;

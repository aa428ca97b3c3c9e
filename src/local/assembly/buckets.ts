import { Assembly } from './assembly';
import { physicalName } from './physical-names';
import { Resource } from './resource';
import { ResourceType } from './template';

/** An S3 bucket of the assembly. */
export interface AssemblyBucket {
  readonly resource: Resource;
  readonly name: string;
}

export function bucketsOf(assembly: Assembly): AssemblyBucket[] {
  return assembly.resources(ResourceType.BUCKET)
    .map((resource) => ({ resource, name: physicalName(resource, (value) => assembly.resolve(resource, value)) }));
}

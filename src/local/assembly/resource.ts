import { Stack } from './stack';
import { TemplateResource } from './template';

/** A resource of a stack. */
export interface Resource {
  readonly stack: Stack;
  readonly logicalId: string;
  /** Construct path without a trailing `/Resource`, such as `Prod/Imports/Orders`. If the assembly has none, stack and logical id. */
  readonly path: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** How messages name a resource. */
export function describeResource({ path, logicalId, stack }: Resource): string {
  return `${path} (${logicalId} in stack ${stack.name})`;
}

export function resourcesOf(stack: Stack): Resource[] {
  return Object.entries(stack.template.Resources ?? {}).map(([logicalId, resource]) => resourceOf(stack, logicalId, resource));
}

export function resourceOf(stack: Stack, logicalId: string, { Type, Properties }: TemplateResource): Resource {
  const path = stack.paths.get(logicalId) ?? `${stack.path}/${logicalId}`;
  return { stack, logicalId, path: path.replace(/\/(Resource|Default)$/, ''), type: Type, properties: Properties ?? {} };
}

/** Whether `address` matches this resource: its logical id, its construct path, or the end of that path. */
export function isAddressedBy({ logicalId, path }: Resource, address: string): boolean {
  const wanted = address.replace(/^\//, '').replace(/\/(Resource|Default)$/, '');
  return logicalId === wanted || path === wanted || path.endsWith(`/${wanted}`);
}

/** Whether a resource is inside the construct that `address` matches: the construct's path, or the end of it. */
export function isWithin({ path }: Resource, address: string): boolean {
  const wanted = address.replace(/^\//, '');
  return path.startsWith(`${wanted}/`) || path.includes(`/${wanted}/`);
}

/**
 * The path of the construct that `address` matches, if that is this resource or contains it. An address is a construct path, the end of
 * one, or the resource's logical id.
 */
export function constructNamed(resource: Resource, address: string): string | undefined {
  if (isAddressedBy(resource, address)) return resource.path;
  if (!isWithin(resource, address)) return undefined;
  const wanted = address.replace(/^\//, '');
  return resource.path.startsWith(`${wanted}/`) ? wanted : resource.path.slice(0, resource.path.indexOf(`/${wanted}/`) + wanted.length + 1);
}

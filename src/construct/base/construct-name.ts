import { IConstruct } from 'constructs';
import { Brand, isMarked } from './brand';

/** An import as messages name it: by the class that the user has written, and its path. */
export function nameOf(paginatedImport: IConstruct): string {
  const construct = writtenConstruct(paginatedImport);
  return `${classNameOf(construct)} (${construct.node.path})`;
}

/** The path of an import as the user has written it. */
export function pathOf(paginatedImport: IConstruct): string {
  return writtenConstruct(paginatedImport).node.path;
}

/** The id of an import as the user has written it. */
export function idOf(paginatedImport: IConstruct): string {
  return writtenConstruct(paginatedImport).node.id;
}

/** The class that the user has written for an import. */
export function classNameOf(construct: IConstruct): string {
  return isMarked(writtenConstruct(construct), Brand.STATE_MACHINE) ? 'PaginatedImportStateMachine' : 'PaginatedImport';
}

/** Id of the import that a state machine of ours consists of. */
export const INSIDE_ID = 'Import';

/** Whether the import is the inside of a state machine of ours. Below such a machine, users may put imports for other machines. */
export function isInside({ node: { id, scope } }: IConstruct): boolean {
  return id === INSIDE_ID && isMarked(scope, Brand.STATE_MACHINE);
}

function writtenConstruct(paginatedImport: IConstruct): IConstruct {
  return isInside(paginatedImport) ? paginatedImport.node.scope! : paginatedImport;
}

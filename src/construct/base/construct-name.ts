import { IConstruct } from 'constructs';
import { Brand, isMarked } from './brand';

/** How messages name an import: the class in the user's code, and its path. */
export function nameOf(paginatedImport: IConstruct): string {
  const construct = writtenConstruct(paginatedImport);
  return `${classNameOf(construct)} (${construct.node.path})`;
}

/** The path of the construct in the user's code. */
export function pathOf(paginatedImport: IConstruct): string {
  return writtenConstruct(paginatedImport).node.path;
}

/** The class of the construct in the user's code. */
export function classNameOf(construct: IConstruct): string {
  return isMarked(writtenConstruct(construct), Brand.STATE_MACHINE) ? 'PaginatedImportStateMachine' : 'PaginatedImport';
}

/** Id of the import inside a PaginatedImportStateMachine. */
export const INSIDE_ID = 'Import';

/** Whether the import is the one inside a PaginatedImportStateMachine. Users may put other imports below such a machine. */
export function isInside({ node: { id, scope } }: IConstruct): boolean {
  return id === INSIDE_ID && isMarked(scope, Brand.STATE_MACHINE);
}

/** The construct in the user's code. */
export function writtenConstruct(paginatedImport: IConstruct): IConstruct {
  return isInside(paginatedImport) ? paginatedImport.node.scope! : paginatedImport;
}

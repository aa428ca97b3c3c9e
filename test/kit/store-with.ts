import { ObjectStore } from '../../src/runtime/ports/object-store';

/** A store with some of its operations replaced; the replacements may call the store's own. */
export function storeWith(store: ObjectStore, replaced: Partial<ObjectStore>): ObjectStore {
  return Object.assign(Object.create(store) as ObjectStore, replaced);
}

import { defineSource } from 'cdk-paginated-import/source';

/** Orders, from an API with offsets. */
export default defineSource({
  async fetchPage({ offset, pageSize, signal }) {
    const response = await fetch(`https://api.example.com/orders?offset=${offset}&limit=${pageSize}`, { signal });
    if (!response.ok) throw new Error(`the orders API answered ${response.status}`);
    return await response.json() as unknown[]; // a bare array: the first empty page ends the import
  },
});

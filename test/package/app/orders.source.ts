import { defineSource } from 'cdk-paginated-import/source';

const ORDERS = Array.from({ length: 101 }, (_, id) => ({ id, name: `order ${id}` }));

export default defineSource({
  async fetchPage({ offset, pageSize }) {
    return ORDERS.slice(offset, offset + pageSize);
  },
});

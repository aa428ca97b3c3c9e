import { defineSource } from '../../../../src/source';

export default defineSource({ fetchPage: ({ pageNumber, signal }) => [{ pageNumber, aborted: signal.aborted }] });

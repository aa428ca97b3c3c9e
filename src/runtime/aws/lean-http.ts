/**
 * Replaces `node:http` in the functions' bundles. An `import` of that module reads all of its exports, among them getters that load undici,
 * which takes a third of a bundle's load time. Asking Node.js for the module does not.
 */
const http = process.getBuiltinModule('node:http');

export default http;
export const { Agent, request, STATUS_CODES } = http;

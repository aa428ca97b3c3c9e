/** Replaces `node:https`, which loads `node:http`, for the reason that `lean-http.ts` gives. */
const https = process.getBuiltinModule('node:https');

export default https;
export const { Agent, request } = https;

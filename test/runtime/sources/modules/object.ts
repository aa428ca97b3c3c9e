export default { fetch: (): unknown => [] };

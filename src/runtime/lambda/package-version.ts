/** Version of the package, inlined by the bundler. */
export const PACKAGE_VERSION = process.env.CDK_PAGINATED_IMPORT_VERSION ?? 'unbundled';

/** Version of the package; the bundler puts it in. */
export const PACKAGE_VERSION = process.env.CDK_PAGINATED_IMPORT_VERSION ?? 'unbundled';

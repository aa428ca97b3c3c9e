/**
 * Packages that another package has already bundled into its own files, by the other's folder. esbuild sees only the other's file, so its
 * metafile does not name them. We name the installed versions; the other may have bundled earlier ones.
 */
export const CARRIED_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'node_modules/jsonpath-plus': ['jsep', '@jsep-plugin/assignment', '@jsep-plugin/regex'],
};

// The version of the package, as package.json states it (a test compares the two: nothing is read at run time).

/** The version of this package. */
export const version = '0.1.0';
export { version as full_version, version as short_version };

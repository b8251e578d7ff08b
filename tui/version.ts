/** Set by the bundler from package.json; the sources run unbundled only in tests. */
declare const REHEARSE_VERSION: string | undefined;

export const VERSION: string = typeof REHEARSE_VERSION === "string" ? REHEARSE_VERSION : "0.0.0";

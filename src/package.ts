/**
 * Files of this package that are read or run by their path. This module has to stay at the top of `src`: what is built
 * stands in chunks at the top of `dist`, so that both see the package from the same depth.
 */

/** A file by its path in the package, such as `bin/aicore.js`. */
export function inPackage(path: string): URL {
  return new URL(`../${path}`, import.meta.url);
}

/** A file that stands among the modules, in `src` and in `dist` alike. */
export function besideModules(path: string): URL {
  return new URL(`./${path}`, import.meta.url);
}

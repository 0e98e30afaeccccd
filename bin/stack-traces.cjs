/* eslint-disable @typescript-eslint/no-require-imports -- what loads TypeScript cannot be TypeScript */
/* global module, require */
/**
 * Shows lines of the TypeScript files in stack traces. A source map is read only when a trace is needed, as the SDK
 * does for every resource. Packages have source maps of files that they do not contain, so theirs are not read.
 */
const support = require("source-map-support");

/** Reads the source map of each compiled file, by the name that stack traces have. */
const maps = new Map();

support.install({
  environment: "node",
  handleUncaughtExceptions: false,
  overrideRetrieveSourceMap: true,
  retrieveSourceMap: (file) => {
    const found = maps.get(file);
    return found === undefined ? null : { url: found.url, map: found.read() };
  },
});

/**
 * Maps the stack traces of a file.
 * @param {string} file name with which it was compiled.
 * @param {string} url path of its source map, from which the map names the sources.
 * @param {() => string} read returns its source map.
 */
function mapStackTraces(file, url, read) {
  maps.set(file, { url, read });
}

module.exports = { mapStackTraces };

/* eslint-disable @typescript-eslint/no-require-imports -- what loads TypeScript cannot be TypeScript */
/* global module, require */
/** Shows lines of the TypeScript files in stack traces. A source map is read only when a trace is printed. */
const support = require("source-map-support");

/** Reads the source map of each compiled file, by the name that stack traces have. */
const maps = new Map();

support.install({
  environment: "node",
  handleUncaughtExceptions: false,
  retrieveSourceMap: (file) => {
    const read = maps.get(file);
    return read === undefined ? null : { url: file, map: read() };
  },
});

/**
 * Maps the stack traces of a file.
 * @param {string} file name with which it was compiled.
 * @param {() => string} read returns its source map.
 */
function mapStackTraces(file, read) {
  maps.set(file, read);
}

module.exports = { mapStackTraces };

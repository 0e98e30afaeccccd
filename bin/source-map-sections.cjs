/* eslint-disable @typescript-eslint/no-require-imports -- what loads TypeScript cannot be TypeScript */
/* global module, require */
const { createRequire } = require("node:module");

/** The package that reads source maps for stack traces. */
const { SourceMapConsumer, SourceMapGenerator } = createRequire(
  require.resolve("source-map-support"),
)("source-map");

/**
 * Returns a source map with a section for each source file (an "index map"): its readers parse only the sections of
 * the lines that they look up.
 * @param {string} text a source map.
 */
function inSections(text) {
  const sections = [];
  let last;
  new SourceMapConsumer(text).eachMapping((mapping) => {
    const { source, generatedLine: line, generatedColumn: column, name } = mapping;
    if (source === null) return;
    if (last === undefined || (source !== last.source && line > last.line)) {
      last = { source, from: line - 1, generator: new SourceMapGenerator() };
      sections.push(last);
    }
    last.line = line;
    last.generator.addMapping({
      generated: { line: line - last.from, column },
      original: { line: mapping.originalLine, column: mapping.originalColumn },
      source,
      ...(name === null ? {} : { name }),
    });
  });
  return JSON.stringify({
    version: 3,
    sections: sections.map(({ from, generator }) => ({
      offset: { line: from, column: 0 },
      map: generator.toJSON(),
    })),
  });
}

module.exports = { inSections };

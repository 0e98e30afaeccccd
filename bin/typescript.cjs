/* eslint-disable @typescript-eslint/no-require-imports -- what loads TypeScript cannot be TypeScript */
/* global Buffer, require */
/**
 * Lets Node.js load this project's TypeScript: `node --require ./bin/typescript.cjs <file>.ts`. A compiled file is
 * cached by the hash of its content, and JavaScript is not transformed: a command starts in half the time of a loader
 * that transforms every module (docs/decisions/typescript-loader.md). Types are not checked.
 */
const { readFileSync } = require("node:fs");
const Module = require("node:module");
const { cached, hashOf, read, replace } = require("./cache.cjs");
const { mapStackTraces } = require("./stack-traces.cjs");

Module._extensions[".ts"] = (module, filename) => {
  const source = readFileSync(filename, "utf8");
  const path = cached(`${hashOf(`${filename}\0${source}`)}.js`);
  const code = read(path) ?? compile(source, filename, path);
  mapStackTraces(filename, filename, () => inlineMap(code));
  module._compile(code, filename);
};

/** Returns the source map at the end of compiled code. */
function inlineMap(code) {
  const base64 = code.slice(code.lastIndexOf("base64,") + "base64,".length);
  return Buffer.from(base64, "base64").toString("utf8");
}

function compile(source, sourcefile, path) {
  const { code } = require("esbuild").transformSync(source, {
    loader: "ts",
    format: "cjs",
    target: "node20",
    sourcefile,
    sourcemap: "inline",
    sourcesContent: false,
  });
  replace(path, code);
  return code;
}

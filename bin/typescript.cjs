/* eslint-disable @typescript-eslint/no-require-imports -- what loads TypeScript cannot be TypeScript */
/* global __dirname, Buffer, process, require */
/**
 * Lets Node.js load this project's TypeScript: `node --require ./bin/typescript.cjs <file>.ts`. A compiled file is
 * kept by the hash of its content, and JavaScript is left alone: a command starts in half the time that a
 * loader takes which transforms every module (docs/decisions/typescript-loader.md). Types are not checked.
 */
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { join, resolve } = require("node:path");
const { mapStackTraces } = require("./stack-traces.cjs");

const cache = resolve(__dirname, "../node_modules/.cache/typescript");

// Node.js keeps compiled JavaScript from 22.1 on. NODE_COMPILE_CACHE names another folder.
Module.enableCompileCache?.(join(cache, "node"));

Module._extensions[".ts"] = (module, filename) => {
  const source = readFileSync(filename, "utf8");
  const key = createHash("sha256").update(`${filename}\0${source}`).digest("hex");
  const cached = join(cache, `${key}.js`);
  const code = read(cached) ?? compile(source, filename, cached);
  mapStackTraces(filename, filename, () => inlineMap(code));
  module._compile(code, filename);
};

/** Returns the source map at the end of compiled code. */
function inlineMap(code) {
  const base64 = code.slice(code.lastIndexOf("base64,") + "base64,".length);
  return Buffer.from(base64, "base64").toString("utf8");
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

function compile(source, sourcefile, cached) {
  const { code } = require("esbuild").transformSync(source, {
    loader: "ts",
    format: "cjs",
    target: "node20",
    sourcefile,
    sourcemap: "inline",
    sourcesContent: false,
  });
  mkdirSync(cache, { recursive: true });
  // Renamed at the end: another process may read it at this moment.
  const temporary = `${cached}.${process.pid}`;
  writeFileSync(temporary, code);
  renameSync(temporary, cached);
  return code;
}

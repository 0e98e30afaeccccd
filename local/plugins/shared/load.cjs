/* eslint-disable @typescript-eslint/no-require-imports -- what loads TypeScript cannot be TypeScript */
/* global __dirname, process, require */
/**
 * Lets node load the plugins' TypeScript: `node --require …/load.cjs …/main.ts`. The same as tsx/cjs
 * does, in half the time: it leaves JavaScript alone, and keeps what it compiled by its content. The
 * engine starts its language host twice for every command, so that this is felt.
 */
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { join, resolve } = require("node:path");

const cache = resolve(__dirname, "../../../node_modules/.cache/plugins");

Module._extensions[".ts"] = (module, filename) => {
  const source = readFileSync(filename, "utf8");
  const key = createHash("sha256").update(`${filename}\0${source}`).digest("hex");
  const cached = join(cache, `${key}.js`);
  module._compile(read(cached) ?? compile(source, filename, cached), filename);
};

process.setSourceMapsEnabled(true);

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

function compile(source, fileName, cached) {
  const { ModuleKind, ScriptTarget, transpileModule } = require("typescript");
  const { outputText } = transpileModule(source, {
    fileName,
    compilerOptions: {
      target: ScriptTarget.ES2022,
      module: ModuleKind.CommonJS,
      esModuleInterop: true,
      inlineSourceMap: true,
    },
  });
  mkdirSync(cache, { recursive: true });
  // Renamed at the end: another plugin may read it at this moment.
  const temporary = `${cached}.${process.pid}`;
  writeFileSync(temporary, outputText);
  renameSync(temporary, cached);
  return outputText;
}

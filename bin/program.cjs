/* eslint-disable @typescript-eslint/no-require-imports -- what loads TypeScript cannot be TypeScript */
/* global __dirname, require */
/**
 * Loads the program for the engine: `Pulumi.yaml` has Node.js load this file before the SDK. The program is one
 * bundled file, and what the SDK loads, but this program never calls, is loaded at its first use. A preview starts in
 * half the CPU time (docs/decisions/typescript-loader.md).
 */
const { join } = require("node:path");
const Module = require("node:module");
const { loadBundle } = require("./bundle.cjs");
const { deferUnused } = require("./deferred.cjs");

require("./typescript.cjs");

const entry = join(__dirname, "..", "index.ts");
const loadFile = Module._extensions[".ts"];
Module._extensions[".ts"] = (module, filename) =>
  filename === entry ? loadBundle(module, filename) : loadFile(module, filename);

deferUnused();

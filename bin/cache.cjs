/* eslint-disable @typescript-eslint/no-require-imports -- what loads TypeScript cannot be TypeScript */
/* global __dirname, module, require */
/** Stores compiled files in `node_modules/.cache`, which also contains the compile cache of Node.js. */
const { createHash, randomUUID } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { join, resolve } = require("node:path");

/** The project's folder. */
const root = resolve(__dirname, "..");
const folder = join(root, "node_modules", ".cache", "typescript");

// Node.js keeps compiled JavaScript from 22.1 on. NODE_COMPILE_CACHE names another folder.
Module.enableCompileCache?.(join(folder, "node"));

/** Returns the path of a cached file by its name. */
function cached(name) {
  return join(folder, name);
}

/** Returns the content of a cached file, or undefined if there is none. */
function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Writes a cached file atomically: another process may read or write it at the same time, even one in a container or
 * namespace that has the same process ID.
 */
function replace(path, text) {
  mkdirSync(folder, { recursive: true });
  const temporary = `${path}.${randomUUID()}`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}

function hashOf(text) {
  return createHash("sha256").update(text).digest("hex");
}

module.exports = { cached, hashOf, read, replace, root };

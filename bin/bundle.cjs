/* eslint-disable @typescript-eslint/no-require-imports -- what loads TypeScript cannot be TypeScript */
/* global __dirname, module, process, require, setTimeout */
/**
 * Loads a TypeScript file and all files of this project that it imports as one file, which is bundled again when one
 * of them differs. `node bin/bundle.cjs <file>.ts <arguments>…` runs a command in this way.
 */
const { createHash } = require("node:crypto");
const { readFileSync, readdirSync } = require("node:fs");
const Module = require("node:module");
const { dirname, join, relative, resolve } = require("node:path");
const { setFlagsFromString } = require("node:v8");
const { cached, hashOf, read, root } = require("./cache.cjs");
const { enableCodeCache } = require("./code-cache.cjs");
const { deferUnused } = require("./deferred.cjs");
const { mapStackTraces } = require("./stack-traces.cjs");

/** Milliseconds after which a process that was started with `--no-opt` optimizes code after all. */
const withoutOptimizing = 5_000;

/**
 * Lets Node.js load each TypeScript file as a bundle, including files with a computed name, such as the module of a
 * verb.
 */
function loadBundles() {
  if (Module.enableCompileCache === undefined) enableCodeCache();
  if (process.execArgv.includes("--no-opt")) setTimeout(optimize, withoutOptimizing).unref();
  deferUnused();
  Module._extensions[".ts"] = loadBundle;
}

/**
 * Lets V8 optimize code. A process that runs for a second or two spends a quarter of its CPU time on optimized code that
 * it hardly runs, and one that declares hundreds of apps needs it.
 */
function optimize() {
  // The cache of compiled code depends on this flag.
  Module.flushCompileCache?.();
  setFlagsFromString("--opt");
}

/** Loads a file as `module`. */
function loadBundle(module, filename) {
  const bundle = bundleOf(filename);
  const code = readFresh(bundle) ?? build(filename, bundle);
  mapStackTraces(filename, `${bundle}.map`, () => readFileSync(`${bundle}.map`, "utf8"));
  module._compile(code, filename);
}

function bundleOf(filename) {
  return cached(`bundle-${hashOf(filename).slice(0, 16)}.js`);
}

/** Returns the bundled code unless a file that it was made of differs. Its first line has their hash and names. */
function readFresh(bundle) {
  const text = read(bundle);
  if (text === undefined) return undefined;
  const { key, inputs } = JSON.parse(text.slice("//".length, text.indexOf("\n")));
  // The line stays, so that positions are those of the source map.
  return key === keyOf(inputs) ? text : undefined;
}

/**
 * Returns the hash of the files, and of the names in their folders: a new file may be what an import finds first.
 * @param {string[]} inputs from the project's folder.
 * @returns {string | undefined} `undefined` if one of the files does not exist.
 */
function keyOf(inputs) {
  const hash = createHash("sha256").update(root);
  const folders = new Set(["."]);
  try {
    for (const input of [
      ...inputs,
      "bin/build-bundle.cjs",
      "bin/bundle.cjs",
      "bin/source-map-sections.cjs",
      "package-lock.json",
    ]) {
      hash.update(`\0${input}\0`).update(readFileSync(join(root, input)));
      for (let at = dirname(input); !folders.has(at); at = dirname(at)) folders.add(at);
    }
    for (const folder of folders) {
      // Other files of the project's own folder, such as stacks' files, come and go.
      const names = readdirSync(join(root, folder)).filter((name) =>
        /\.([cm]?[jt]s|json)$/.test(name),
      );
      hash.update(`\0${folder}\0${names.sort().join("\0")}`);
    }
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
  return hash.digest("hex");
}

/** Bundles in a separate process, because the bundler's plugins are asynchronous and loading a module is not. */
function build(filename, bundle) {
  // Loaded only here, because a plugin would need more time for it than for its own bundle.
  const { spawnSync } = require("node:child_process");
  const args = [join(__dirname, "build-bundle.cjs"), filename, bundle];
  const { status, stderr, error } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status === 0) return readFileSync(bundle, "utf8");
  throw new Error(`${relative(root, filename)} cannot be bundled:\n${error?.message ?? stderr}`);
}

module.exports = { keyOf, loadBundles };

if (require.main === module) {
  const [, , file, ...args] = process.argv;
  process.argv = [process.execPath, resolve(file), ...args];
  loadBundles();
  Module._load(process.argv[1], undefined, true);
}

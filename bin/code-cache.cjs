/* eslint-disable @typescript-eslint/no-require-imports -- what loads TypeScript cannot be TypeScript */
/* global Buffer, module, process, require */
/**
 * Stores compiled JavaScript like `module.enableCompileCache`, for versions of Node.js before 22.1, which do not have
 * it. There is one file for each command, with what V8 has compiled of every module by the end of a process.
 */
const { createHash } = require("node:crypto");
const { fstatSync, openSync, readSync } = require("node:fs");
const Module = require("node:module");
const { dirname } = require("node:path");
const { cachedDataVersionTag } = require("node:v8");
const { Script } = require("node:vm");
const { cached, hashOf, replace } = require("./cache.cjs");

/** Whether the main module comes later. While Node.js itself runs one, it remembers which files exist. */
const isPreloaded = require.main === undefined;

const [head, tail] = Module.wrap("\0").split("\0");

/** A call like `import("./file")`. Where only `import()` is written, it is a comment. */
const dynamicImport = /\bimport\s*\(\s*[^\s)]/;

/** The compiled modules of one command. */
class CodeCache {
  constructor(file) {
    this.file = file;
    /** Modules in the file, by path: the hash of the source, and where its compiled code is after the list. */
    this.kept = {};
    /** Modules that this process had to compile, by path. */
    this.compiled = new Map();
    try {
      this.open();
    } catch (error) {
      // Without the cache, compiling only takes longer, for example if another user's file cannot be read.
      if (error.code === undefined && !(error instanceof SyntaxError)) throw error;
    }
  }

  /** Returns the function that runs a module. */
  compile(filename, source) {
    const hash = createHash("sha1").update(source).digest("base64");
    const found = this.kept[filename];
    const script = new Script(head + source + tail, {
      filename,
      columnOffset: -head.length,
      cachedData: found?.hash === hash ? this.read(this.start + found.at, found.length) : undefined,
    });
    if (script.cachedDataRejected !== false) this.compiled.set(filename, { hash, script });
    return script.runInThisContext();
  }

  /** Writes the file if this process had to compile a module. */
  write() {
    if (this.compiled.size === 0) return;
    const kept = Object.entries(this.kept).filter(([filename]) => !this.compiled.has(filename));
    const codes = [
      ...kept.map(([filename, { hash, at, length }]) => [
        filename,
        hash,
        this.read(this.start + at, length),
      ]),
      ...[...this.compiled].map(([filename, { hash, script }]) => [
        filename,
        hash,
        script.createCachedData(),
      ]),
    ];
    this.compiled.clear();
    const list = {};
    let at = 0;
    for (const [filename, hash, { length }] of codes) {
      list[filename] = { hash, at, length };
      at += length;
    }
    const text = Buffer.from(JSON.stringify(list));
    const sizes = Buffer.alloc(16);
    sizes.writeDoubleLE(text.length, 0);
    sizes.writeDoubleLE(at, 8);
    replace(this.file, Buffer.concat([sizes, text, ...codes.map(([, , code]) => code)]));
  }

  open() {
    this.descriptor = openSync(this.file, "r");
    const sizes = this.read(0, 16);
    const [list, all] = [sizes.readDoubleLE(0), sizes.readDoubleLE(8)];
    this.start = sizes.length + list;
    if (fstatSync(this.descriptor).size !== this.start + all) return;
    this.kept = JSON.parse(this.read(sizes.length, list));
  }

  read(at, length) {
    const bytes = Buffer.alloc(length);
    readSync(this.descriptor, bytes, 0, length, at);
    return bytes;
  }
}

/** Compiles modules with the command's cache, which is written at the end of the process or by `flushCompileCache`. */
function enableCodeCache() {
  const command = `${process.argv[1] ?? ""}\0${process.version}\0${cachedDataVersionTag()}`;
  const cache = new CodeCache(cached(`code-${hashOf(command).slice(0, 16)}.bin`));
  const compilePlainly = Module.prototype._compile;
  Module.prototype._compile = function (source, filename, format) {
    const plainly = () => Reflect.apply(compilePlainly, this, [source, filename, format]);
    if (this.id === "." && isPreloaded) return plainly();
    if (format === "module" || source.startsWith("#!")) return plainly();
    // Code from a cache cannot import in Node.js 20: `ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING`.
    if (dynamicImport.test(source)) return plainly();
    let run;
    try {
      run = cache.compile(filename, source);
    } catch (error) {
      // A module of ECMAScript, or an error that Node.js reports better.
      if (error instanceof SyntaxError) return plainly();
      throw error;
    }
    const args = [this.exports, requireOf(this), this, filename, dirname(filename)];
    return Reflect.apply(run, this.exports, args);
  };
  const flush = () => {
    try {
      cache.write();
    } catch (error) {
      // A full or read-only disk costs time, but does not affect the result.
      if (error.code === undefined) throw error;
    }
  };
  Module.flushCompileCache = flush;
  process.once("exit", flush);
}

/** Returns the `require` of a module, as Node.js creates it. */
function requireOf(parent) {
  const require = (request) => parent.require(request);
  const resolve = (request, options) => Module._resolveFilename(request, parent, false, options);
  resolve.paths = (request) => Module._resolveLookupPaths(request, parent);
  const { mainModule: main } = process;
  return Object.assign(require, {
    ...{ resolve, main, extensions: Module._extensions, cache: Module._cache },
  });
}

module.exports = { enableCodeCache };

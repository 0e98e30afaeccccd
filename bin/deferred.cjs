/* eslint-disable @typescript-eslint/no-require-imports -- what loads TypeScript cannot be TypeScript */
/* global module, require */
/** Defers modules that the Pulumi SDK loads at its start until something uses them. */
const Module = require("node:module");

const sdk = Module.createRequire(require.resolve("@pulumi/pulumi"));

/**
 * Puts a module that loads the real one at its first use in the place of each.
 * @param {string[]} requests as the SDK names them, or relative to it. One that the SDK does not have is left out.
 */
function defer(...requests) {
  for (const request of requests) {
    const file = resolve(request);
    if (file === undefined || require.cache[file] !== undefined) continue;
    const module = new Module(file);
    Object.assign(module, { filename: file, loaded: true, exports: standIn(file) });
    require.cache[file] = module;
  }
}

function resolve(request) {
  try {
    return sdk.resolve(request);
  } catch (error) {
    if (error.code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}

/** Returns exports for compiled `import` statements, which take one with `__esModule` as it is. */
function standIn(file) {
  let real;
  const load = () => {
    if (real === undefined) {
      delete require.cache[file];
      real = require(file);
    }
    return real;
  };
  const target = Object.create(null);
  return new Proxy(target, {
    get(_, name) {
      if (name === "__esModule") return true;
      const exports = load();
      return name === "default" && !exports.__esModule ? exports : exports[name];
    },
    has: (_, name) => name in load(),
  });
}

module.exports = { defer };

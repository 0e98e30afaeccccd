/* eslint-disable @typescript-eslint/no-require-imports -- what loads TypeScript cannot be TypeScript */
/* global module, require */
/** Defers modules that the Pulumi SDK loads at its start until something uses them. */
const Module = require("node:module");

const sdk = Module.createRequire(require.resolve("@pulumi/pulumi"));

/** Modules that neither the program nor a command uses, as the SDK names them, or relative to it. */
const unused = [
  // For functions as resources, which need the code of functions and of packages.
  "./typescript-shim",
  "@npmcli/arborist",
  "normalize-package-data",
  // For files of a resource provider written in TypeScript.
  "js-yaml",
  // For traces of the engine itself.
  "@opentelemetry/exporter-zipkin",
  "@opentelemetry/instrumentation",
  "@opentelemetry/instrumentation-grpc",
  "@opentelemetry/resources",
  "@opentelemetry/sdk-trace-base",
  "@opentelemetry/sdk-trace-node",
];

/**
 * Puts a module that loads the real one at its first use in the place of each. One that the SDK does not have is left
 * out.
 */
function deferUnused() {
  for (const request of unused) {
    const file = resolve(request);
    if (file !== undefined && require.cache[file] === undefined) keepLoaded(file, standIn(file));
  }
  const hooks = resolve("@pulumi/pulumi/runtime/closure/v8Hooks");
  if (hooks !== undefined && require.cache[hooks] === undefined) {
    // The SDK waits for it before each program. It starts a debugger, for functions as resources.
    keepLoaded(hooks, standIn(hooks, { isInitializedAsync: () => Promise.resolve() }));
  }
}

function keepLoaded(file, exports) {
  require.cache[file] = Object.assign(new Module(file), { filename: file, loaded: true, exports });
}

function resolve(request) {
  try {
    return sdk.resolve(request);
  } catch (error) {
    if (error.code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}

/**
 * Returns exports for compiled `import` statements, which take one with `__esModule` as it is.
 * @param {object} own exports in the place of the module's, which do not load it.
 */
function standIn(file, own = {}) {
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
      if (Object.hasOwn(own, name)) return own[name];
      const exports = load();
      return name === "default" && !exports.__esModule ? exports : exports[name];
    },
    has: (_, name) => name in load(),
  });
}

module.exports = { deferUnused };

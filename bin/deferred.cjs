/* eslint-disable @typescript-eslint/no-require-imports -- what loads TypeScript cannot be TypeScript */
/* global module, require */
/** Defers modules that the Pulumi SDK loads at its start until something uses them. */
const { readdirSync } = require("node:fs");
const Module = require("node:module");
const { dirname, join } = require("node:path");

const sdk = Module.createRequire(require.resolve("@pulumi/pulumi"));

/** Modules that neither the program nor a command uses, as the SDK names them, or relative to it. */
const unused = [
  // For programs that run the engine.
  "./automation",
  // For resource providers written in TypeScript.
  "./dynamic",
  "./provider",
  // For the versions of two copies of one package.
  "semver",
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
 * Modules whose functions the SDK reads when it is loaded, as the SDK names them. They are for functions as resources.
 */
const functionsOf = {
  "@pulumi/pulumi/runtime/closure/codePaths": ["computeCodePaths"],
  "@pulumi/pulumi/runtime/closure/serializeClosure": [
    "serializeFunction",
    "serializeFunctionAsync",
  ],
};

/**
 * Replaces each of these modules with one that loads the real module at its first use. Modules that the SDK does not
 * have are skipped.
 */
function deferUnused() {
  for (const request of unused) defer(resolve(request));
  for (const [request, names] of Object.entries(functionsOf)) defer(resolve(request), {}, names);
  // The SDK waits for it before each program. It starts a debugger, for functions as resources.
  const hooks = resolve("@pulumi/pulumi/runtime/closure/v8Hooks");
  defer(hooks, { isInitializedAsync: () => Promise.resolve() });
  deferGroups();
}

/** Defers the modules for groups of the Kubernetes API, of which a stack uses some, and for charts and YAML files. */
function deferGroups() {
  const manifest = resolve("@pulumi/kubernetes/package.json");
  if (manifest === undefined) return;
  const folder = dirname(manifest);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) defer(join(folder, entry.name, "index.js"));
  }
}

/**
 * Defers a module unless it is loaded.
 * @param {object} own exports that replace the module's and do not load it.
 * @param {string[]} functions names of functions that load it when they are called.
 */
function defer(file, own = {}, functions = []) {
  if (file === undefined || require.cache[file] !== undefined) return;
  const exports = standIn(file, own, functions);
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

/** Returns exports for compiled `import` statements, which take one with `__esModule` as it is. */
function standIn(file, own, functions) {
  let real;
  const load = () => {
    if (real === undefined) {
      delete require.cache[file];
      real = require(file);
    }
    return real;
  };
  const calls = functions.map((name) => [name, (...args) => load()[name](...args)]);
  const known = { ...own, ...Object.fromEntries(calls) };
  const target = Object.create(null);
  return new Proxy(target, {
    get(_, name) {
      if (name === "__esModule") return true;
      if (Object.hasOwn(known, name)) return known[name];
      const exports = load();
      return name === "default" && !exports.__esModule ? exports : exports[name];
    },
    has: (_, name) => name in load(),
    ownKeys: () => Object.keys(load()),
    getOwnPropertyDescriptor: (_, name) => {
      const own = Object.getOwnPropertyDescriptor(load(), name);
      // A property that a proxy reports as non-configurable must be so in its target.
      return own && { ...own, configurable: true };
    },
  });
}

module.exports = { deferUnused };

/* eslint-disable @typescript-eslint/no-require-imports -- what loads TypeScript cannot be TypeScript */
/* global console, process, require */
/** Bundles a file for bin/bundle.cjs: `node bin/build-bundle.cjs <file>.ts <bundle>`. */
const { readFileSync } = require("node:fs");
const { dirname, relative, resolve, sep } = require("node:path");
const esbuild = require("esbuild");
const { keyOf } = require("./bundle.cjs");
const { replace, root } = require("./cache.cjs");
const { inSections } = require("./source-map-sections.cjs");

const [, , entry, bundle] = process.argv;

/**
 * Packages that become part of a bundle: resolving their hundreds of files takes longer than running them. The SDK does
 * not, because a program has to share it with the code that runs the program.
 */
const bundled = /^(@kubernetes\/client-node|commander|fastest-levenshtein|semver|yaml|zod)(\/|$)/;

/** A plugin shares nothing with other bundles. */
const isPlugin = entry.startsWith(resolve(root, "local", "plugins") + sep);

/**
 * Leaves all other packages out, except for those that a package in the bundle imports: only that package can find
 * them.
 */
const externalPackages = {
  name: "external-packages",
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path, importer, kind }) => {
      if (kind === "entry-point" || isPlugin || bundled.test(path)) return undefined;
      return importer.includes(`${sep}node_modules${sep}`) ? undefined : { path, external: true };
    });
  },
};

/** Gives each file its own `__dirname` and `__filename`, which in a bundle would be those of the entry. */
const ownPaths = {
  name: "own-paths",
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const source = readFileSync(path, "utf8");
      if (path !== entry && /\brequire\.main\b/.test(source)) {
        const text =
          "expected no require.main in a file that others import: it is that of their bundle";
        return { errors: [{ text, location: { file: path } }] };
      }
      const names = { __dirname: dirname(path), __filename: path };
      const used = Object.entries(names).filter(([name]) => source.includes(name));
      const lines = used.map(([name, value]) => `const ${name} = ${JSON.stringify(value)};`);
      return { contents: lines.join(" ") + source, loader: "ts" };
    });
  },
};

async function main() {
  const { metafile, outputFiles } = await esbuild.build({
    absWorkingDir: root,
    bundle: true,
    entryPoints: [entry],
    format: "cjs",
    logLevel: "silent",
    metafile: true,
    outfile: bundle,
    platform: "node",
    plugins: [externalPackages, ownPaths],
    sourcemap: "external",
    sourcesContent: false,
    target: "node20",
    write: false,
    // Replaced below; it makes the source map count the line.
    banner: { js: "//" },
  });
  // package-lock.json stands for the packages.
  const inputs = Object.keys(metafile.inputs)
    .filter((path) => !path.split("/").includes("node_modules"))
    .sort();
  const head = `//${JSON.stringify({ key: keyOf(inputs), inputs })}`;
  const [map, code] = ["map", "js"].map((end) =>
    outputFiles.find(({ path }) => path.endsWith(end)),
  );
  replace(`${bundle}.map`, inSections(map.text));
  replace(bundle, head + code.text.slice("//".length));
}

main().catch((error) => {
  const lines = (error.errors ?? []).map(({ text, location }) =>
    location ? `${relative(root, resolve(root, location.file))}:${location.line}: ${text}` : text,
  );
  console.error(lines.length > 0 ? lines.join("\n") : error);
  process.exitCode = 1;
});

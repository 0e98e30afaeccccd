import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Folder of the project. */
export const checkout = resolve(__dirname, "../..");

/** Module that lets Node.js load the project's TypeScript, for `--require`. */
export const typescriptLoader = join(checkout, "bin", "typescript.cjs");

/** Runs a TypeScript file of this project as one bundled file: `node <this> <file> <arguments>…`. */
export const bundleLoader = join(checkout, "bin", "bundle.cjs");

/** Everything that a local run creates in the project folder; git ignores it. */
export const localFolder = join(checkout, ".local");

/** Launchers of the stand-in plugins. */
export const launchers = join(localFolder, "bin");

/** Returns the cache of downloaded and built tools, which all checkouts of a user share. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const { PLATFORM_CACHE: own, XDG_CACHE_HOME: shared } = environment;
  return own ?? join(shared ?? join(homedir(), ".cache"), "kubernetes-platform");
}

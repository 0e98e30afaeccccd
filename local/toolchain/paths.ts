import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** The project's folder. */
export const checkout = resolve(__dirname, "../..");

/** Everything that a local run leaves in the checkout; git ignores it. */
export const localFolder = join(checkout, ".local");

/** Launchers of the project's own plugins. */
export const launchers = join(localFolder, "bin");

/** Tools that were downloaded or built, shared by all checkouts of the user. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const { PLATFORM_CACHE: own, XDG_CACHE_HOME: shared } = environment;
  return own ?? join(shared ?? join(homedir(), ".cache"), "kubernetes-platform");
}

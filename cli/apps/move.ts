import { existsSync, lstatSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { discover, type StackEntry } from "../stacks/discover";
import { YamlFile } from "../release/yaml-file";
import { selectedFiles } from "../../config/app-files";
import { lookup } from "../../config/lookup";
import { isMap } from "yaml";
import { appFile } from "./new-text";

/** The requested move of an app. */
export interface Move {
  app: string;
  environment: string;
  toTeam?: string;
  toEnvironment?: string;
}

/** What a move does to the file, and to the running objects. */
export interface MovePlan {
  from: string;
  to: string;
  text: string;
  /** What the next update deletes and creates again. */
  replaces: string[];
}

/**
 * Returns what a move does.
 * @throws Error if the app has no file, or if the target file exists.
 */
export function planMove(
  { app, environment, toTeam, toEnvironment }: Move,
  folder = ".",
): MovePlan {
  const from = appFile(environment, app);
  if (!existsSync(join(folder, from)))
    throw new Error(`${from} is missing; there is nothing to move.`);
  const to = appFile(toEnvironment ?? environment, app);
  if (to !== from && existsSync(join(folder, to)))
    throw new Error(`${to} already exists; an app is never overwritten.`);
  const file = new YamlFile(join(folder, from));
  const root = file.document.contents;
  if (!isMap(root)) throw new Error(`${from}: expected a mapping of keys.`);
  const team = String(root.get("team"));
  const released = root.has("stable");
  const before = stackOf(from, folder);
  const after = to === from ? before : stackOf(to, folder);
  const replaces: string[] = [];
  if (toTeam !== undefined && toTeam !== team) {
    root.set("team", toTeam);
    if (released) {
      replaces.push(
        `namespace: every object of ${app} moves from the namespace of team ${team} to that of ${toTeam}; pods, Services and the route are created there and deleted here, and kept releases are lost. Secrets that the app names must exist there first.`,
      );
    }
  }
  if (to !== from) {
    // A running release in one environment proves nothing in another one.
    for (const key of ["stable", "canary", "override", "freeze"]) root.delete(key);
    if (released) {
      replaces.push(
        `environment: ${before ?? "no stack"} deletes ${app} with its releases, and ${after ?? "no stack yet"} declares it before its first release.`,
      );
    }
    if (after === undefined) {
      replaces.push(
        `stack: no stack names ${to} in platform:appFiles; no stack declares it until one does.`,
      );
    }
  }
  return { from, to, text: file.text(), replaces };
}

/** Makes the change that {@link planMove} returned. */
export function applyMove({ from, to, text }: MovePlan, folder = "."): void {
  mkdirSync(dirname(join(folder, to)), { recursive: true });
  // If it is a link, its target belongs to another app.
  if (to !== from && lstatSync(join(folder, from)).isSymbolicLink()) rmSync(join(folder, from));
  else if (to !== from) renameSync(join(folder, from), join(folder, to));
  writeFileSync(join(folder, to), text);
}

/** Returns the stack that names a file, whether or not the file exists yet. */
function stackOf(path: string, folder: string): string | undefined {
  const names = (entry: StackEntry) => {
    const selection = entry.config["platform:appFiles"];
    const { origins } = selectedFiles(selection, folder);
    const app =
      path
        .split("/")
        .at(-1)
        ?.replace(/\.yaml$/, "") ?? "";
    if (lookup(origins, app) === path) return true;
    return [selection].flat().includes(dirname(path));
  };
  return discover(folder, "", folder).find(names)?.name;
}

import { execFileSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { expected } from "../../config/expected";

/**
 * Makes sure that a commit of these files contains only what the command writes to them.
 * @throws Error if one of them has changes that are not committed, or is not in a Git repository.
 */
export function assertCommitted(paths: readonly string[]): void {
  const files = pathsOf(paths);
  if (files.length === 0) return;
  const status = git(["status", "--porcelain", "--untracked-files=all", "--", ...files], "pipe");
  if (status.trim() === "") return;
  // Two letters about the change stand before each path.
  const changed = status
    .trimEnd()
    .split("\n")
    .map((line) => line.slice(3));
  const next = `commit or stash your changes of ${changed.join(", ")} first`;
  throw new Error(`--commit: ${expected("files without other changes", changed.join(", "), next)}`);
}

/** Commits these files, and nothing else. */
export function commit(paths: readonly string[], message: string): void {
  git(["commit", "--quiet", "--message", message, "--", ...pathsOf(paths)], "inherit");
}

function git(args: readonly string[], output: "inherit" | "pipe"): string {
  const stdio = ["ignore", output, "inherit"] as const;
  return execFileSync("git", args, { encoding: "utf8", stdio: [...stdio] }) ?? "";
}

/** Returns the files as Git knows them: those to which links lead, each once. */
function pathsOf(paths: readonly string[]): string[] {
  return [...new Set(paths.map((path) => (existsSync(path) ? realpathSync(path) : path)))];
}

import { createHash, Hash } from "node:crypto";
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { lstat, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { IgnoreRules, parseIgnoreFile } from "./ignore";

/**
 * Returns a digest of all files that a build reads: the Dockerfile, and every file of the context that .dockerignore
 * does not exclude, with its name, content and executable bit. Times and owners are ignored, so that a fresh clone has
 * the same digest.
 * @param context folder of the context.
 * @param dockerfile path of the Dockerfile, inside the context or not.
 */
export async function contextDigest(context: string, dockerfile: string): Promise<string> {
  const hash = createHash("sha256");
  await addFile(hash, "Dockerfile", dockerfile);
  const rules = ignoreRules(context, dockerfile);
  for await (const path of files(context, "", rules)) {
    await addFile(hash, path, join(context, path));
  }
  return hash.digest("hex");
}

/** `<Dockerfile>.dockerignore` takes precedence over the .dockerignore of the context. */
function ignoreRules(context: string, dockerfile: string): IgnoreRules {
  const found = [`${dockerfile}.dockerignore`, join(context, ".dockerignore")].find(existsSync);
  return parseIgnoreFile(found === undefined ? "" : readFileSync(found, "utf8"));
}

/** Yields the context's files, sorted by name. */
async function* files(root: string, folder: string, rules: IgnoreRules): AsyncGenerator<string> {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    const ignored = rules.ignores(path);
    if (entry.isDirectory()) {
      if (!ignored || !rules.prunable) yield* files(root, path, rules);
    } else if (!ignored) {
      yield path;
    }
  }
}

/** Each part is preceded by its length, so that different files never produce the same bytes. */
async function addFile(hash: Hash, name: string, path: string): Promise<void> {
  const stat = await lstat(path);
  hash.update(`${name.length}:${name}`);
  if (stat.isSymbolicLink()) {
    const target = await readlink(path);
    hash.update(`link ${target.length}:${target}`);
  } else if (stat.isFile()) {
    const kind = (stat.mode & 0o100) !== 0 ? "executable" : "file";
    hash.update(`${kind} ${stat.size}:`);
    for await (const chunk of createReadStream(path)) hash.update(chunk);
  } else {
    hash.update("other");
  }
}

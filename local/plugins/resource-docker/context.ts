import { createHash, Hash } from "node:crypto";
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { lstat, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { IgnoreRules, parseIgnoreFile } from "./ignore";

/**
 * A digest of all that a build reads from disk: the Dockerfile, and every file of the context that no
 * .dockerignore leaves out, with name, content and whether it can be executed. Times and owners do
 * not count, so that a fresh clone has the same digest.
 *
 * @param context the context's folder.
 * @param dockerfile the Dockerfile's path, inside the context or not.
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

/** `<Dockerfile>.dockerignore` goes before the context's own .dockerignore. */
function ignoreRules(context: string, dockerfile: string): IgnoreRules {
  const found = [`${dockerfile}.dockerignore`, join(context, ".dockerignore")].find(existsSync);
  return parseIgnoreFile(found === undefined ? "" : readFileSync(found, "utf8"));
}

/** The context's files, in an order that depends on their names alone. */
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

/** Every part is preceded by its length, so that no two sets of files run into the same bytes. */
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

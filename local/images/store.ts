import { createHash } from "node:crypto";
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "../toolchain/replace-file";
import { cacheFolder } from "../toolchain/paths";
import { run } from "../toolchain/run";
import { platform } from "../toolchain/tool";
import type { Folder } from "../../versions/image-facts";
import type { Assembled, AssembledFacts, Layer } from "./facts";

/** A blob of an image, as manifests refer to it. */
interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
}

const types = {
  layer: "application/vnd.oci.image.layer.v1.tar",
  config: "application/vnd.oci.image.config.v1+json",
  manifest: "application/vnd.oci.image.manifest.v1+json",
};

/** Returns the folder of assembled images; images share layers. */
export function storeFolder(): string {
  return join(cacheFolder(), "images");
}

/**
 * Returns the file of a blob.
 * @param digest `sha256:…`.
 */
export function blobFile(digest: string): string {
  return join(storeFolder(), "blobs", digest.replace(":", "-"));
}

/**
 * Assembles an image unless it is in the cache.
 * @returns the digest of its manifest.
 */
export async function assemble(image: Assembled): Promise<string> {
  const layers: Descriptor[] = [];
  for (const layer of [...image.layers, folderLayer(image.facts)]) layers.push(await ensure(layer));
  const config = await keep(types.config, JSON.stringify(configOf(image.facts, layers)));
  const manifest = {
    schemaVersion: 2,
    mediaType: types.manifest,
    config,
    layers,
  };
  return (await keep(types.manifest, JSON.stringify(manifest))).digest;
}

function configOf(facts: AssembledFacts, layers: Descriptor[]): object {
  const { entryPoint, command, workingDirectory, environment = {}, volumes } = facts;
  const path = { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" };
  return {
    os: platform().os,
    architecture: platform().architecture,
    config: {
      User: userOf(facts),
      Entrypoint: entryPoint,
      Cmd: command,
      WorkingDir: workingDirectory,
      Env: Object.entries({ ...path, ...environment }).map(([name, value]) => `${name}=${value}`),
      Volumes: Object.fromEntries(volumes.map((it) => [it, {}])),
    },
    rootfs: { type: "layers", diff_ids: layers.map(({ digest }) => digest) },
  };
}

/** Returns the user and group of an image; undefined for root, whom an image need not name. */
function userOf({ user, group }: AssembledFacts): string | undefined {
  return user === 0 && group === 0 ? undefined : `${user}:${group}`;
}

/** A layer with the users and folders of an image's facts. */
function folderLayer(facts: AssembledFacts): Layer {
  const { folders = [], user, group } = facts;
  return {
    key: JSON.stringify(["folders", folders, userOf(facts)]),
    make: async (root) => {
      const all: Folder[] = [{ path: "/tmp", mode: 0o1777 }, ...folders];
      for (const { path, owner = [0, 0], mode = 0o755 } of all) {
        const folder = join(root, path);
        await mkdir(folder, { recursive: true });
        await run("chown", [owner.join(":"), folder]);
        await run("chmod", [mode.toString(8), folder]);
      }
      const own = user === 0 ? "" : `app:x:${user}:${group}::/tmp:/bin/sh\n`;
      await mkdir(join(root, "etc"), { recursive: true });
      await writeFile(
        join(root, "etc/passwd"),
        `root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n${own}`,
      );
      const ownGroup = group === 0 ? "" : `app:x:${group}:\n`;
      await writeFile(
        join(root, "etc/group"),
        `root:x:0:\ntty:x:5:\nnogroup:x:65534:\n${ownGroup}`,
      );
    },
  };
}

async function ensure(layer: Layer): Promise<Descriptor> {
  const name = createHash("sha256").update(layer.key).digest("hex").slice(0, 16);
  const known = join(storeFolder(), "layers", `${name}.json`);
  if (existsSync(known)) {
    const descriptor = JSON.parse(readFileSync(known, "utf8")) as Descriptor;
    if (existsSync(blobFile(descriptor.digest))) return descriptor;
  }
  await mkdir(join(storeFolder(), "layers"), { recursive: true });
  const temporary = await mkdtemp(join(storeFolder(), "layers", `${name}.`));
  try {
    const folder = join(temporary, "root");
    await mkdir(folder);
    await layer.make(folder);
    const archive = join(temporary, "layer.tar");
    await run("tar", [
      ...["--create", "--file", archive, "--directory", folder],
      ...["--sort=name", "--mtime=@0", "--numeric-owner", "."],
    ]);
    const digest = await digestOf(archive);
    const descriptor = { mediaType: types.layer, digest, size: (await stat(archive)).size };
    await mkdir(join(storeFolder(), "blobs"), { recursive: true });
    await rename(archive, blobFile(digest));
    replaceFile(known, JSON.stringify(descriptor));
    return descriptor;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const part of createReadStream(file)) hash.update(part as Buffer);
  return `sha256:${hash.digest("hex")}`;
}

async function keep(mediaType: string, text: string): Promise<Descriptor> {
  const digest = `sha256:${createHash("sha256").update(text).digest("hex")}`;
  await mkdir(join(storeFolder(), "blobs"), { recursive: true });
  if (!existsSync(blobFile(digest))) replaceFile(blobFile(digest), text);
  return { mediaType, digest, size: Buffer.byteLength(text) };
}

import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { chmod, cp, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import type { Download } from "./tool";
import { run } from "./run";

/** Timeout until a host responds, milliseconds. */
const answerTimeout = 2000;
/** Timeout for a whole file, milliseconds. */
const fileTimeout = 300_000;

/** Hosts that did not respond, and are not tried again. */
const silent = new Set<string>();

/** A file whose checksum is not the publisher's. */
export class WrongChecksum extends Error {}

/**
 * Downloads the official binaries of a tool into a folder.
 * @returns false if the download is not reachable; the tool is then built.
 * @throws WrongChecksum if the content does not match the checksums.
 */
export async function download(
  { url, checksums, archiveFolder }: Download,
  binary: string,
  folder: string,
): Promise<boolean> {
  const list = await fetchBytes(checksums, answerTimeout);
  const content = list === undefined ? undefined : await fetchBytes(url, fileTimeout);
  if (list === undefined || content === undefined) return false;
  verify(basename(url), content, list.toString());
  if (archiveFolder === undefined) {
    await install(content, join(folder, binary));
    return true;
  }
  const temporary = await mkdtemp(join(tmpdir(), "download-"));
  try {
    const archive = join(temporary, basename(url));
    await writeFile(archive, content);
    await run("tar", ["-xzf", archive, "-C", temporary]);
    // Everything: the engine's archive also contains the official language hosts.
    for (const file of await readdir(join(temporary, archiveFolder))) {
      await cp(join(temporary, archiveFolder, file), join(folder, file), { recursive: true });
    }
  } finally {
    await rm(temporary, { recursive: true });
  }
  return true;
}

/** @throws WrongChecksum unless the list has this checksum for this file, or has only this checksum. */
export function verify(file: string, content: Uint8Array, list: string): void {
  const found = createHash("sha256").update(content).digest("hex");
  const lines = list.trim().split("\n");
  const line =
    lines.find((text) => text.trim().endsWith(file)) ?? (lines.length === 1 ? lines[0] : "");
  const [expected] = (line ?? "").trim().split(/\s+/);
  if (expected !== found) {
    throw new WrongChecksum(
      `${file}: expected its publisher's checksum ${expected || "(missing)"}, got ${found}; the file is not used. Try again, and report it if the error persists.`,
    );
  }
}

async function install(content: Uint8Array, path: string): Promise<void> {
  await writeFile(path, content);
  await chmod(path, 0o755);
}

/** Whether a host responds. */
export async function reachable(url: string): Promise<boolean> {
  return (await fetchBytes(url, answerTimeout)) !== undefined;
}

async function fetchBytes(url: string, timeout: number): Promise<Buffer | undefined> {
  const { host } = new URL(url);
  if (silent.has(host)) return undefined;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeout) });
    return response.ok ? Buffer.from(await response.arrayBuffer()) : undefined;
  } catch {
    // Any failure counts, because the tool can be built instead.
    silent.add(host);
    return undefined;
  }
}

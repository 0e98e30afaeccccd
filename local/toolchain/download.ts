import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { chmod, cp, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import type { Download } from "./tool";
import { run } from "./run";

/** Longest wait for a host to answer at all, milliseconds. */
const answerTimeout = 2000;
/** Longest wait for a whole file, milliseconds. */
const fileTimeout = 300_000;

/** Hosts that did not answer; none is asked twice. */
const silent = new Set<string>();

/** A file that is not what its publisher says it is. */
export class WrongChecksum extends Error {}

/**
 * Fetches the binaries of an official download into a folder.
 * @returns false when the download cannot be reached; the tool is then made in another way.
 * @throws WrongChecksum when what came is not what the checksums say.
 */
export async function download(
  { url, checksums, archiveFolder }: Download,
  binary: string,
  folder: string,
): Promise<boolean> {
  const list = await fetched(checksums, answerTimeout);
  const content = list === undefined ? undefined : await fetched(url, fileTimeout);
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
    // All of it: the engine's archive brings the official language hosts along.
    for (const file of await readdir(join(temporary, archiveFolder))) {
      await cp(join(temporary, archiveFolder, file), join(folder, file), { recursive: true });
    }
  } finally {
    await rm(temporary, { recursive: true });
  }
  return true;
}

/** @throws WrongChecksum unless the list names this content for this file, or names nothing else. */
export function verify(file: string, content: Uint8Array, list: string): void {
  const found = createHash("sha256").update(content).digest("hex");
  const lines = list.trim().split("\n");
  const line =
    lines.find((text) => text.trim().endsWith(file)) ?? (lines.length === 1 ? lines[0] : "");
  const [expected] = (line ?? "").trim().split(/\s+/);
  if (expected !== found) {
    throw new WrongChecksum(
      `${file} has the checksum ${found}, its publisher says ${expected || "nothing"}; it is not used. Try again, and report it if it stays so.`,
    );
  }
}

async function install(content: Uint8Array, path: string): Promise<void> {
  await writeFile(path, content);
  await chmod(path, 0o755);
}

/** Whether a host answers at all. */
export async function reachable(url: string): Promise<boolean> {
  return (await fetched(url, answerTimeout)) !== undefined;
}

async function fetched(url: string, timeout: number): Promise<Buffer | undefined> {
  const { host } = new URL(url);
  if (silent.has(host)) return undefined;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeout) });
    return response.ok ? Buffer.from(await response.arrayBuffer()) : undefined;
  } catch {
    // No answer, for whatever reason: there is another way to the tool.
    silent.add(host);
    return undefined;
  }
}

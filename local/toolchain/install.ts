import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { build, complete } from "./build";
import { download } from "./download";
import { toolsInPods } from "./machine-tools";
import { cacheFolder } from "./paths";
import { platform, type Purpose, type Tool } from "./tool";
import { tools } from "./tools";

/** How often a long step says that it still goes on, milliseconds. */
const heartbeat = 15_000;

/** Says something to the person who waits. */
export type Report = (line: string) => void;

/** Folder of a tool's binaries in the cache. */
export function toolFolder({ name, version }: Tool): string {
  const { os, architecture } = platform();
  return join(cacheFolder(), "tools", `${name}-${version}-${os}-${architecture}`);
}

/** Path of a binary in the cache. @param version another than the usual one, of a tool that has several. */
export function binary(name: string, version?: string): string {
  return join(toolFolder(toolOf(name, version)), name);
}

/** Path of a binary, which is built first where the cache lacks it: for what only some nights need. */
export async function ensureBinary(
  name: string,
  version?: string,
  report: Report = console.error,
): Promise<string> {
  const tool = toolOf(name, version);
  if (!complete(tool, toolFolder(tool))) await ensure(tool, report);
  return binary(name, version);
}

function toolOf(name: string, version?: string): Tool {
  const tool = tools.find(
    (it) => name in it.binaries && (version === undefined || it.version === version),
  );
  if (tool === undefined)
    throw new Error(`No tool has a binary ${[name, version].join(" ").trim()}.`);
  return tool;
}

/** The tools that a purpose needs; every other needs what a local run needs, too. */
export function toolsFor(purpose: Purpose): Tool[] {
  return tools.filter(
    (tool) =>
      tool.purpose === purpose ||
      tool.purpose === "local" ||
      (purpose === "machines" && toolsInPods.includes(tool.name)),
  );
}

/** Sees to it that every tool for a purpose is in the cache. Quick when they are. */
export async function ensureTools(purpose: Purpose, report: Report = console.error): Promise<void> {
  const missing = toolsFor(purpose).filter((tool) => !complete(tool, toolFolder(tool)));
  for (const [index, tool] of missing.entries()) {
    await ensure(tool, (line) => report(`[${index + 1}/${missing.length}] ${line}`));
  }
}

async function ensure(tool: Tool, report: Report): Promise<void> {
  const started = Date.now();
  const elapsed = () => `${Math.round((Date.now() - started) / 1000)} s`;
  const what = `${tool.name} ${tool.version}`;
  let how = "asking the official download";
  const timer = setInterval(() => report(`${what}: ${how}, ${elapsed()} so far`), heartbeat);
  const folder = toolFolder(tool);
  // One's own folder, renamed at the end: neither a kill nor a second set-up leaves half a tool.
  const temporary = `${folder}.${process.pid}`;
  try {
    await mkdir(temporary, { recursive: true });
    if (await downloaded(tool, temporary)) how = "downloaded";
    else {
      how = "building from its Go module";
      report(`${what}: ${how} (once per user; later runs find it in the cache)`);
      await build(tool, temporary);
      how = "built";
    }
    await rename(temporary, folder).catch((error: unknown) => {
      // Another set-up was quicker.
      if (!complete(tool, folder)) throw error;
    });
    report(`${what}: ${how} in ${elapsed()}`);
  } finally {
    clearInterval(timer);
    await rm(temporary, { recursive: true, force: true });
  }
}

async function downloaded(tool: Tool, folder: string): Promise<boolean> {
  if (tool.download === undefined) return false;
  for (const name of Object.keys(tool.binaries)) {
    const source = tool.download(name, platform());
    if (!(await download(source, name, folder))) return false;
    // One archive holds all of the tool's binaries.
    if (source.archiveFolder !== undefined) return true;
  }
  return true;
}

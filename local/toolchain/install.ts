import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { build, complete } from "./build";
import { download } from "./download";
import { toolsInPods } from "./machine-tools";
import { cacheFolder } from "./paths";
import { platform, type Purpose, type Tool } from "./tool";
import { tools } from "./tools";
import { temporaryPath } from "./replace-file";

/** Interval of progress messages during a long step, milliseconds. */
const heartbeat = 15_000;

/** Shows progress to the user. */
export type Report = (line: string) => void;

/** Returns the cache folder of a tool's binaries. */
export function toolFolder({ name, version }: Tool): string {
  const { os, architecture } = platform();
  return join(cacheFolder(), "tools", `${name}-${version}-${os}-${architecture}`);
}

/**
 * Returns the path of a binary in the cache.
 * @param version another version than the default, for a tool with several.
 */
export function binary(name: string, version?: string): string {
  return join(toolFolder(toolOf(name, version)), name);
}

/** Returns the path of a binary, and builds it if the cache lacks it: for tools of few nightly tests. */
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

/** Returns the tools for a purpose; each purpose includes the tools of a local run. */
export function toolsFor(purpose: Purpose): Tool[] {
  return tools.filter(
    (tool) =>
      tool.purpose === purpose ||
      tool.purpose === "local" ||
      (tool.purpose === "charts" && (purpose === "test" || purpose === "bench")) ||
      (purpose === "machines" && toolsInPods.includes(tool.name)),
  );
}

/** Makes all tools for a purpose available in the cache. It is fast if they are there. */
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
  let how = "trying the official download";
  const timer = setInterval(() => report(`${what}: ${how}, ${elapsed()} so far`), heartbeat);
  const folder = toolFolder(tool);
  // Renamed at the end, so that neither a kill nor a concurrent process leaves an incomplete tool.
  const temporary = temporaryPath(folder);
  try {
    await mkdir(temporary, { recursive: true });
    if (await downloadBinaries(tool, temporary)) how = "downloaded";
    else {
      how = "building from its Go module";
      report(`${what}: ${how} (once per user; later runs find it in the cache)`);
      await build(tool, temporary);
      how = "built";
    }
    await rename(temporary, folder).catch((error: unknown) => {
      // Another process was faster.
      if (!complete(tool, folder)) throw error;
    });
    report(`${what}: ${how} in ${elapsed()}`);
  } finally {
    clearInterval(timer);
    await rm(temporary, { recursive: true, force: true });
  }
}

async function downloadBinaries(tool: Tool, folder: string): Promise<boolean> {
  if (tool.download === undefined) return false;
  for (const name of Object.keys(tool.binaries)) {
    const source = tool.download(name, platform());
    if (!(await download(source, name, folder))) return false;
    // One archive contains all of the tool's binaries.
    if (source.archiveFolder !== undefined) return true;
  }
  return true;
}

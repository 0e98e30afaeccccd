import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommandFailed, run } from "./run";
import type { Tool } from "./tool";

const modules = join(__dirname, "modules");

/** Builds a tool's binaries from its pinned Go module into a folder. */
export async function build(
  tool: Tool,
  folder: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const module = join(modules, tool.module);
  requireGo(
    tool,
    goVersion(readFileSync(join(module, "go.mod"), "utf8")),
    await installedGo(environment),
  );
  await mkdir(folder, { recursive: true });
  const temporary = await mkdtemp(join(tmpdir(), `build-${tool.name}-`));
  const env = { ...environment, CGO_ENABLED: "0" };
  try {
    const cwd = (await tool.source?.(module, temporary, env)) ?? module;
    const flags = ["-s", "-w", ...tool.stamp.flatMap((value) => ["-X", value])].join(" ");
    for (const [binary, source] of Object.entries(tool.binaries)) {
      const args = ["build", "-trimpath", "-ldflags", flags, "-o", join(folder, binary), source];
      await run("go", args, { cwd, env });
    }
  } catch (error) {
    throw explainFullDisk(error, tool);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Returns an error that says what to do about a full disk, or else the error itself. */
function explainFullDisk(error: unknown, tool: Tool): unknown {
  if (!(error instanceof CommandFailed) || !/no space left on device/i.test(error.output)) {
    return error;
  }
  return new Error(
    `No space is left on the disk to build ${tool.name} ${tool.version}. Go's caches need up to 25 GB while all tools are built. ` +
      `Free space in the folders that \`go env GOCACHE GOMODCACHE\` prints, and in ${tmpdir()}, and run the command again: it continues with ${tool.name}.`,
  );
}

/** @throws Error if Go is missing or older than the tool's module requires. */
export function requireGo(tool: Tool, needed: string, found: string | undefined): void {
  if (found !== undefined && atLeast(found, needed)) return;
  const has = found === undefined ? "Go is not installed" : `the installed one is ${found}`;
  const binaries = Object.keys(tool.binaries).join(", ");
  throw new Error(
    `Go ${needed} or newer is needed to build ${tool.name} ${tool.version}, but ${has}. ` +
      `Install Go from https://go.dev/dl, or put ${binaries} of that version into the cache yourself ` +
      `(PLATFORM_CACHE, folder tools/${tool.name}-${tool.version}-…), or use a machine that reaches the official downloads.`,
  );
}

/** Returns the version in the `go` line of a go.mod. */
export function goVersion(text: string): string {
  return /^go (\S+)/m.exec(text)?.[1] ?? "1.26";
}

async function installedGo(environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    const text = await run("go", ["env", "GOVERSION"], { env: environment });
    return text.trim().replace(/^go/, "");
  } catch {
    return undefined;
  }
}

function atLeast(found: string, needed: string): boolean {
  const parts = (version: string) => version.split(".").map((part) => parseInt(part, 10) || 0);
  const [a, b] = [parts(found), parts(needed)];
  for (let index = 0; index < 3; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** Whether a folder contains every binary of a tool. */
export function complete(tool: Tool, folder: string): boolean {
  return Object.keys(tool.binaries).every((binary) => existsSync(join(folder, binary)));
}

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { reasonOf } from "../../config/reason";
import { cacheFolder } from "../../local/toolchain/paths";
import { temporaryPath } from "../../local/toolchain/replace-file";
import { run } from "../../local/toolchain/run";

/** Why images cannot be built on this machine. */
export class NoEngine extends Error {}

/** A container engine for tests, and a base image in it. */
export interface Engine {
  /** Environment variables for the docker command. */
  environment: NodeJS.ProcessEnv;
  /** A Debian of the release that current runtimes use. */
  baseImage: string;
  /** URL of the Debian mirror of this machine. Undefined if the base image has its own. */
  debianMirror?: string;
  stop(): Promise<void>;
}

const release = "trixie";
const packages = ["docker.io", "containerd", "runc", "debootstrap", "libdevmapper1.02.1"];

/** Timeout for the start of the engine, milliseconds. */
const startTimeout = 30_000;

/**
 * Returns the engine of this machine, or starts one from Debian packages, which are unpacked into the cache: nothing is
 * installed, no network settings are changed, and the engine is stopped afterwards.
 * @throws NoEngine with the reason if neither is possible.
 */
export async function startEngine(baseImage: string): Promise<Engine> {
  const environment = { ...process.env };
  if (await answers(environment)) return machinesOwn(environment, baseImage);
  if (process.platform !== "linux" || process.getuid?.() !== 0) {
    throw new NoEngine("no Docker engine answers, and only root on Linux can start one");
  }
  return ownEngine();
}

async function machinesOwn(environment: NodeJS.ProcessEnv, baseImage: string): Promise<Engine> {
  try {
    await run("docker", ["pull", "--quiet", baseImage], { env: environment });
  } catch (error) {
    throw new NoEngine(`the base image ${baseImage} cannot be reached: ${text(error)}`);
  }
  return { environment, baseImage, stop: () => Promise.resolve() };
}

async function ownEngine(): Promise<Engine> {
  const root = await unpackEngine();
  const debianMirror = await mirror();
  const archive = await baseArchive(root, debianMirror);
  const folder = await mkdtemp(join(tmpdir(), "engine-"));
  const environment = {
    ...toolEnvironment(root),
    DOCKER_HOST: `unix://${folder}/docker.sock`,
    DOCKER_CONFIG: folder,
  };
  const log: string[] = [];
  const daemon = startDaemon(folder, environment, log);
  const stop = async () => {
    if (daemon.exitCode === null) {
      daemon.kill("SIGTERM");
      await once(daemon, "exit");
    }
    await rm(folder, { recursive: true, force: true });
  };
  for (const end = Date.now() + startTimeout; !(await answers(environment)); await pause(200)) {
    if (daemon.exitCode === null && Date.now() < end) continue;
    await stop();
    throw new NoEngine(`Debian's engine does not start: ${log.slice(-3).join(" ")}`);
  }
  const baseImage = `platform.test/debian:${release}`;
  await run("docker", ["import", archive, baseImage], { env: environment });
  return { environment, baseImage, debianMirror: debianMirror.replace(/\/debian\/?$/, ""), stop };
}

function startDaemon(folder: string, env: NodeJS.ProcessEnv, log: string[]): ChildProcess {
  const daemon = spawn(
    "dockerd",
    [
      ...["--host", `unix://${folder}/docker.sock`, "--pidfile", join(folder, "docker.pid")],
      ...["--data-root", join(folder, "data"), "--exec-root", join(folder, "exec")],
      // Containers have no network, or the host network; neither needs rules or forwarding.
      ...["--bridge=none", "--iptables=false", "--ip6tables=false", "--ip-forward=false"],
    ],
    { env, stdio: ["ignore", "ignore", "pipe"] },
  );
  daemon.stderr?.on("data", (data: Buffer) => log.push(...data.toString().trim().split("\n")));
  return daemon;
}

/** Returns the folder with Debian's packages of the engine. */
async function unpackEngine(): Promise<string> {
  const folder = join(cacheFolder(), "tools", "docker-engine");
  if (existsSync(folder)) return folder;
  const temporary = temporaryPath(folder);
  await mkdir(temporary, { recursive: true });
  try {
    await run("apt-get", ["download", ...packages], { cwd: temporary }).catch(async () => {
      // For a machine without package lists.
      await run("apt-get", ["update"]);
      await run("apt-get", ["download", ...packages], { cwd: temporary });
    });
    for (const file of await readdir(temporary)) {
      await run("dpkg", ["-x", file, "."], { cwd: temporary });
      await rm(join(temporary, file));
    }
    await rename(temporary, folder);
  } catch (error) {
    throw new NoEngine(`no Docker engine answers, and Debian's cannot be had: ${text(error)}`);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return folder;
}

/** Returns the URL from which this machine gets its own Debian packages. */
async function mirror(): Promise<string> {
  const list = await run("apt-get", ["indextargets", "--format", "$(REPO_URI)"]);
  const found = list.split("\n").find((line) => /\/debian\/?$/.test(line));
  if (found === undefined) throw new NoEngine("no source of Debian's packages is configured");
  return found;
}

/** Creates an archive of a minimal Debian, like a base image. */
async function baseArchive(root: string, debianMirror: string): Promise<string> {
  const archive = join(cacheFolder(), "tools", `debian-${release}.tar`);
  if (existsSync(archive)) return archive;
  const temporary = temporaryPath(archive);
  const folder = await mkdtemp(join(tmpdir(), "debian-"));
  const env = {
    ...toolEnvironment(root),
    DEBOOTSTRAP_DIR: join(root, "usr", "share", "debootstrap"),
  };
  const tree = join(folder, "root");
  try {
    await run(
      "debootstrap",
      ["--variant=minbase", "--include=ca-certificates", release, tree, debianMirror],
      { env },
    );
    await rm(join(tree, "etc", "apt", "sources.list"));
    await writeFile(join(tree, "etc", "apt", "sources.list.d", "debian.sources"), sources());
    await run("tar", [
      ...["-C", tree, "--exclude=./var/cache/apt/*", "--exclude=./var/lib/apt/lists/*"],
      ...["-cf", temporary, "."],
    ]);
    await rename(temporary, archive);
  } catch (error) {
    const log = join(tree, "debootstrap", "debootstrap.log");
    const last = existsSync(log)
      ? (await readFile(log, "utf8")).split("\n").slice(-3).join(" ")
      : "";
    throw new NoEngine(`no base image can be made: ${text(error)} ${last}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return archive;
}

/** A host that does not exist: a build must use the mirror instead. */
function sources(): string {
  return [
    "Types: deb",
    "URIs: http://packages.platform.test/debian",
    `Suites: ${release}`,
    "Components: main",
    "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg",
    "",
  ].join("\n");
}

function toolEnvironment(root: string): NodeJS.ProcessEnv {
  const folders = ["usr/bin", "usr/sbin"].map((folder) => join(root, folder));
  return {
    ...process.env,
    PATH: [...folders, process.env.PATH].join(delimiter),
    LD_LIBRARY_PATH: join(root, "lib", "x86_64-linux-gnu"),
  };
}

async function answers(env: NodeJS.ProcessEnv): Promise<boolean> {
  try {
    await run("docker", ["version", "--format", "{{.Server.Version}}"], { env });
    return true;
  } catch {
    return false;
  }
}

function text(error: unknown): string {
  return reasonOf(error).replaceAll("\n", " ");
}

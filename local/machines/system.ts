import { spawn } from "node:child_process";
import { debianRoot, type DebianRoot } from "../toolchain/debian";
import { CommandFailed } from "../toolchain/run";

/**
 * Debian packages of a node, in addition to what the toolchain builds: those that its programs use, and those
 * of every Debian machine, so that scripts for such machines run on it.
 */
const packages = [
  "apt",
  "bash",
  "containernetworking-plugins",
  "coreutils",
  "dash",
  "diffutils",
  "findutils",
  "grep",
  "hostname",
  "iproute2",
  "iptables",
  "kmod",
  "libc-bin",
  "mawk",
  "mount",
  "nftables",
  "procps",
  "runc",
  "sed",
  "util-linux",
];

/** Returns the root file system of every node; it is built once per user. */
export function systemRoot(): Promise<DebianRoot> {
  return debianRoot(packages);
}

/** Runs a program of the nodes' system on this machine, independent of its own programs. */
export async function runInSystem(command: string, args: string[], input = ""): Promise<string> {
  const { folder } = await systemRoot();
  return runWithInput("chroot", [folder, `/usr/sbin/${command}`, ...args], input);
}

/**
 * Runs a command with input.
 * @throws CommandFailed if its exit code is not 0.
 */
export function runWithInput(command: string, args: string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
    let [output, errors] = ["", ""];
    child.stdout.on("data", (data: Buffer) => (output += data.toString()));
    child.stderr.on("data", (data: Buffer) => (errors += data.toString()));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new CommandFailed(command, output + errors, signal ?? `code ${code}`));
    });
    // A command that ends early does not read all input; its exit code decides.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

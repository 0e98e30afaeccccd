import { spawn } from "node:child_process";
import { debianRoot, type DebianRoot } from "../toolchain/debian";
import { CommandFailed } from "../toolchain/run";

/** Debian's packages that a machine is made of, besides what the toolchain builds. */
const packages = [
  "bash",
  "containernetworking-plugins",
  "coreutils",
  "findutils",
  "grep",
  "iproute2",
  "iptables",
  "mount",
  "nftables",
  "procps",
  "runc",
  "sed",
  "util-linux",
];

/** The root file system of every machine; made once per user. */
export function systemRoot(): Promise<DebianRoot> {
  return debianRoot(packages);
}

/** Runs a program of the machines' own system on this machine, whatever this machine has. */
export async function inSystem(command: string, args: string[], input = ""): Promise<string> {
  const { folder } = await systemRoot();
  return withInput("chroot", [folder, `/usr/sbin/${command}`, ...args], input);
}

/** Runs a command that reads its input. @throws CommandFailed when it does not end with 0. */
export function withInput(command: string, args: string[], input: string): Promise<string> {
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
    // A command that ends early does not read the rest; its exit code tells.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

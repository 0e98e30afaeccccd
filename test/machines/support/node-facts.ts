import { existsSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import type { NodeLogin } from "./node-login";
import type { NodePlan } from "./node-plan";

/**
 * What a node cannot have, in the words of the script of its machine: modules, settings that it shares with the computer
 * that runs it, and systemd.
 * @param modules of the plan that a kernel may lack.
 */
export async function findLacking(
  node: NodeLogin,
  plan: NodePlan,
  machine: string,
  modules: readonly string[],
): Promise<string[]> {
  const release = (await node.shell("uname -r")).trim();
  const settings = plan.sysctls(machine).filter(([setting, value]) => {
    const file = `/proc/sys/${setting.replaceAll(".", "/")}`;
    return !setting.startsWith("net.") && readFileSync(file, "utf8").trim() !== value;
  });
  const timers = plan.paths(machine).filter((path) => path.endsWith(".timer"));
  const services = [
    ...["machine-firewall.service", "containerd.service"],
    ...timers.map((path) => path.replace(/^.*\//, "")),
    "kubelet",
  ];
  return [
    ...modules
      .filter((module) => !existsSync(`/sys/module/${module}`))
      .map(
        (module) =>
          `kernel module ${module}: Module ${module} not found in directory /lib/modules/${release}`,
      ),
    ...settings.map((pair) => `${pair.join(" = ")}: it is read-only on this machine`),
    `services ${services.join(" ")}: systemd does not run on this machine`,
  ];
}

/** Whether something listens at a port, and the way to it is open. */
export function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 3000 });
    const end = (is: boolean) => {
      socket.destroy();
      resolve(is);
    };
    socket.on("connect", () => end(true));
    socket.on("timeout", () => end(false));
    socket.on("error", () => end(false));
  });
}

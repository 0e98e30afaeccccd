import { spawn, type ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** How a load balancer in front of the gateway passes on the client's address. */
export type Tells = "nothing" | "proxy-protocol" | "header";

/** Arguments of {@link startProxy}. */
export interface ProxyArgs {
  /** Command that runs HAProxy. */
  command: string[];
  /** Folder for its configuration. */
  folder: string;
  /**
   * Address that it listens on, and from which it connects to the gateway, like a load balancer that hides its clients.
   */
  address: string;
  port: number;
  /** Address and port of the gateway. */
  gateway: string;
  tells: Tells;
}

/** Starts a real HAProxy in front of the gateway. Its output goes to that of the test. */
export function startProxy(args: ProxyArgs): ChildProcess {
  const file = join(args.folder, `haproxy-${args.address}.cfg`);
  writeFileSync(file, configuration(args));
  const [command = "", ...first] = args.command;
  return spawn(command, [...first, "-db", "-f", file], { stdio: ["ignore", "ignore", "inherit"] });
}

function configuration({ address, port, gateway, tells }: ProxyArgs): string {
  const server = `server traefik ${gateway} source ${address}`;
  return [
    "defaults",
    `  mode ${tells === "header" ? "http" : "tcp"}`,
    "  timeout connect 5s",
    "  timeout client 30s",
    "  timeout server 30s",
    ...(tells === "header" ? ["  option forwardfor"] : []),
    "listen gateway",
    `  bind ${address}:${port}`,
    `  ${server}${tells === "proxy-protocol" ? " send-proxy-v2" : ""}`,
    "",
  ].join("\n");
}

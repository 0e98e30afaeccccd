import { spawn, type ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** How a balancer in front of the gateway tells who the client is. */
export type Tells = "nothing" | "proxy-protocol" | "header";

/** One HAProxy. */
export interface ProxyArgs {
  /** Command that runs HAProxy. */
  command: string[];
  /** Folder for its configuration. */
  folder: string;
  /** Address that it listens on and that it calls the gateway from, as a balancer does that hides its clients. */
  address: string;
  port: number;
  /** Address and port of the gateway. */
  gateway: string;
  tells: Tells;
}

/** Starts a real HAProxy in front of the gateway. What it prints goes to the test's output. */
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

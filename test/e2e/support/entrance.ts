import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { entryPointPorts } from "../../../components/gateway/traefik-arguments";
import { binary } from "../../../local/toolchain/install";

/** One line of the access log, as far as the tests look at it. */
export interface AccessLine {
  ClientHost: string;
  ClientAddr: string;
  RouterName: string;
  ServiceName: string;
  RequestHost: string;
  DownstreamStatus: number;
}

/** Longest wait for Traefik to answer its own probe, milliseconds. */
const patience = 20_000;

/** The real Traefik with the arguments that a stack gives it, and routes out of a file. */
export class Entrance {
  private readonly output: string[] = [];
  private process?: ChildProcess;

  /**
   * @param address the address that it listens on, as the test's processes share one network.
   * @param folder for the file of its routes: JSON is YAML, which Traefik reads by the name.
   */
  constructor(
    readonly address: string,
    private readonly folder: string,
  ) {}

  /** Starts it and waits for its probe. `routes` is Traefik's dynamic configuration. */
  async start(rendered: string[], routes?: object): Promise<void> {
    mkdirSync(this.folder, { recursive: true });
    const file = join(this.folder, "routes.yml");
    writeFileSync(file, JSON.stringify(routes ?? {}));
    const args = rendered.map((arg) =>
      arg.replace(/^(--entryPoints\.\w+\.address=):/, `$1${this.address}:`),
    );
    const own = routes === undefined ? [] : [`--providers.file.filename=${file}`];
    this.process = spawn(binary("traefik"), [...args, ...own]);
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.on("data", (chunk: Buffer) => this.output.push(chunk.toString()));
    }
    for (const end = Date.now() + patience; ; await sleep(100)) {
      if ((await ask(this.address, entryPointPorts.ping, { path: "/ping" })) === "200") return;
      if (this.process.exitCode !== null || Date.now() > end) {
        throw new Error(`Traefik does not answer:\n${this.log()}`);
      }
    }
  }

  /** Everything that it wrote. */
  log(): string {
    return this.output.join("");
  }

  /** Lines of the access log about one host. */
  lines(host: string): AccessLine[] {
    return this.log()
      .split("\n")
      .filter((line) => line.includes('"RequestHost"'))
      .map((line) => JSON.parse(line) as AccessLine)
      .filter((line) => line.RequestHost === host);
  }

  /** Ends it. */
  stop(): void {
    this.process?.kill("SIGKILL");
  }
}

/** Sends one request from an address of this machine. @returns its status, and the body where there is one. */
export function ask(
  address: string,
  port: number,
  {
    path = "/",
    host,
    from,
    headers = {},
  }: { path?: string; host?: string; from?: string; headers?: Record<string, string> } = {},
): Promise<string> {
  return new Promise((resolve) => {
    const sent = request(
      {
        host: address,
        port,
        path,
        localAddress: from,
        timeout: 5000,
        headers: { ...headers, ...(host === undefined ? {} : { host }) },
      },
      (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (text: string) => (body += text));
        response.on("end", () => {
          const status = String(response.statusCode);
          resolve(path === "/ping" ? status : `${status} ${body}`.trim());
        });
      },
    );
    sent.on("timeout", () => sent.destroy());
    sent.on("error", (error) => resolve(error.message));
    sent.end();
  });
}

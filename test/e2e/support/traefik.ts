import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { entryPointPorts } from "../../../components/gateway/traefik-arguments";
import { binary } from "../../../local/toolchain/install";
import { until } from "../../support/until";

/** A line of the access log, restricted to the fields that tests use. */
export interface AccessLine {
  ClientHost: string;
  ClientAddr: string;
  RouterName: string;
  ServiceName: string;
  RequestHost: string;
  RequestPath: string;
  DownstreamStatus: number;
}

/** Timeout for Traefik's own probe, milliseconds: it starts slowly on a busy machine. */
const timeoutMs = 60_000;

/** Timeout for a line of the access log, seconds: Traefik writes it after the response. */
const written = 30;

/** The real Traefik with a stack's arguments, and routes from a file. */
export class TraefikProcess {
  private readonly output: string[] = [];
  private process?: ChildProcess;

  /**
   * @param address address to listen on, because the test's processes share one network namespace.
   * @param folder folder for the file of its routes; JSON is valid YAML, which Traefik expects by the file name.
   */
  constructor(
    readonly address: string,
    private readonly folder: string,
  ) {}

  /**
   * Starts it and waits for its probe.
   * @param routes Traefik's dynamic configuration.
   * @param environment environment variables in addition to those of the test.
   */
  async start(
    rendered: string[],
    routes?: object,
    environment: Record<string, string> = {},
  ): Promise<void> {
    mkdirSync(this.folder, { recursive: true });
    const file = join(this.folder, "routes.yml");
    writeFileSync(file, JSON.stringify(routes ?? {}));
    const args = rendered.map((arg) =>
      arg.replace(/^(--entryPoints\.\w+\.address=):/, `$1${this.address}:`),
    );
    const own = routes === undefined ? [] : [`--providers.file.filename=${file}`];
    this.process = spawn(binary("traefik"), [...args, ...own], {
      env: { ...process.env, ...environment },
    });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.on("data", (chunk: Buffer) => this.output.push(chunk.toString()));
    }
    for (const end = Date.now() + timeoutMs; ; await sleep(100)) {
      if ((await ask(this.address, entryPointPorts.ping, { path: "/ping" })) === "200") return;
      if (this.process.exitCode !== null || Date.now() > end) {
        throw new Error(`Traefik does not answer:\n${this.log()}`);
      }
    }
  }

  /** Returns its whole log. */
  log(): string {
    return this.output.join("");
  }

  /**
   * Waits for the line of the access log about a request.
   * @param path that no other request has.
   */
  async line(path: string): Promise<AccessLine> {
    const find = () =>
      this.log()
        .split("\n")
        // The last one may not be whole yet.
        .slice(0, -1)
        .filter((line) => line.includes('"RequestHost"'))
        .map((line) => JSON.parse(line) as AccessLine)
        .find((line) => line.RequestPath === path);
    await until(`the access log has ${path}`, written, () => find() !== undefined, 50);
    return find() as AccessLine;
  }

  /** Stops it, and waits until it has ended: another one may listen on its address then. */
  async stop(): Promise<void> {
    const { process } = this;
    if (process === undefined || process.exitCode !== null || process.signalCode !== null) return;
    const exited = once(process, "exit");
    process.kill("SIGKILL");
    await exited;
  }
}

/**
 * Sends a request from a local address.
 * @returns its status, and the body if there is one.
 */
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

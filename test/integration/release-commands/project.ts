import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { stringify } from "yaml";
import { parseStack } from "../../../config";
import { checkout } from "../../../local/toolchain/paths";
import { desiredApp } from "../../../program/decision";
import { plan, type AppRecord } from "../../../releases";
import { asked, type Answers } from "../../support/answering-prometheus";

/** Results of Prometheus, by the content of a query. */
type Numbers = Partial<Answers>;

interface Engine {
  /** Exit code of the first update. */
  up: number;
  /** Its error output. */
  says?: string;
  /** Seconds for which the canary has run. */
  canaryFor?: number;
}

/** Result of a release command. */
interface Ended {
  code: number | null;
  /** Output of both streams. */
  out: string;
  /** The stack's file afterwards. */
  text: string;
}

/** An app before its first release. */
export const firstApp = {
  team: "commerce",
  domain: "shop.platform.test",
  image: "harbor.platform.test/shop/shop",
};

/** What Prometheus answers about a release without problems. */
export const good: Numbers = { requests: 2000, errors: 1, latency: 0.2, restarts: 0 };

/** A stack with the app `shop`, whose engine and Prometheus are simulated. */
export class ReleaseProject {
  readonly folder = mkdtempSync(join(tmpdir(), "release-"));
  /** Path of the stack's file. */
  readonly file = join(this.folder, "Pulumi.online.yaml");
  private readonly state = join(this.folder, "state.json");
  /** Queries that Prometheus has received. */
  readonly queries: string[] = [];
  /** What Prometheus answers about the canary. */
  canary: Numbers = { ...good };
  /** What Prometheus answers about the stable release. */
  readonly stable: Numbers = { ...good };

  private readonly prometheus = createServer((request, response) => {
    const query = new URL(request.url ?? "", "http://x").searchParams.get("query") ?? "";
    this.queries.push(query);
    const numbers = /shop-canary|shop-1-5-0/.test(query) ? this.canary : this.stable;
    const number = asked(query);
    const value = number === undefined ? undefined : numbers[number];
    const result = value === undefined ? [] : [{ value: [0, String(value)] }];
    response.end(JSON.stringify({ status: "success", data: { resultType: "vector", result } }));
  });

  /** Returns a project with stable 1.4.2 and a canary 1.5.0 of 10%, whose updates succeed. */
  static async start(): Promise<ReleaseProject> {
    const project = new ReleaseProject();
    project.prometheus.listen(0, "127.0.0.1");
    await once(project.prometheus, "listening");
    project.engine({ up: 0 });
    project.write({ version: "1.5.0", weight: 10 });
    return project;
  }

  /** Returns the stack's config with fields of the app. */
  values(choice: object): Record<string, unknown> {
    const { port } = this.prometheus.address() as AddressInfo;
    return {
      environment: "online",
      domain: "platform.test",
      cluster: { kubeconfig: "none", context: "none" },
      releases: { soak: "0s", prometheus: `http://127.0.0.1:${port}` },
      apps: { shop: { ...firstApp, stable: { version: "1.4.2" }, ...choice } },
    };
  }

  /** Returns the content of the stack's file. */
  text(): string {
    return readFileSync(this.file, "utf8");
  }

  /** Simulates a `pulumi` that returns a record, and whose first update has the given output and exit code. */
  engine({ up, canaryFor = 300, says = "" }: Engine): void {
    this.record({ releases: { shop: this.recorded(canaryFor) } });
    const calls = join(this.folder, "calls");
    const script = `#!/bin/sh
echo "$*" >> ${calls}
case "$1 $2" in
  "stack export") cat ${this.state} ;;
  up*) [ "$(grep -c '^up' ${calls})" -gt 1 ] || { echo "${says}" >&2; exit ${up}; } ;;
esac
`;
    writeFileSync(join(this.folder, "pulumi"), script, { mode: 0o755 });
  }

  /** Writes the state of the stack, with the outputs of its last update. */
  record(outputs: object, ...resources: object[]): void {
    const root = { urn: "urn:pulumi:online::platform::root", type: "pulumi:pulumi:Stack", outputs };
    const state = { version: 3, deployment: { resources: [root, ...resources] } };
    writeFileSync(this.state, JSON.stringify(state));
  }

  /** Returns the arguments of each update that was started. */
  ups(): string[] {
    return readFileSync(join(this.folder, "calls"), "utf8")
      .split("\n")
      .filter((line) => line.startsWith("up"));
  }

  /** Runs `npx platform release` on the stack. */
  async release(...args: string[]): Promise<Ended> {
    const child = spawn(
      process.execPath,
      [
        ...["bin/bundle.cjs", "cli/release/index.ts", ...args],
        ...["--stack", "online", "--config-file", this.file],
      ],
      {
        cwd: checkout,
        env: { ...process.env, PATH: [this.folder, process.env.PATH].join(delimiter) },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    let out = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (data: Buffer) => (out += data.toString()));
    const [code] = (await once(child, "close")) as [number | null];
    return { code, out, text: this.text() };
  }

  /** Stops Prometheus, so that it does not answer any more. */
  async stopPrometheus(): Promise<void> {
    this.prometheus.closeAllConnections();
    await new Promise((done) => this.prometheus.close(done));
  }

  remove(): void {
    this.prometheus.closeAllConnections();
    this.prometheus.close();
    rmSync(this.folder, { recursive: true });
  }

  /** Returns a record of stable 1.4.2, and of canary 1.5.0 for a number of seconds. */
  recorded(canaryFor: number): AppRecord {
    const stack = parseStack("online", this.values({ canary: { version: "1.5.0", weight: 10 } }));
    const before = new Date(Date.now() - canaryFor * 1000);
    const desired = desiredApp("shop", stack.apps["shop"]!, stack);
    const answer = plan(undefined, desired, before, { ...stack.releases, forcedCanary: false });
    assert.equal(answer.kind, "plan");
    return (answer as Extract<typeof answer, { kind: "plan" }>).next;
  }

  private write(canary: object): void {
    const config = Object.entries(this.values({ canary })).map(([key, value]) => [
      `platform:${key}`,
      value,
    ]);
    const content = stringify({ config: Object.fromEntries(config) as object });
    writeFileSync(this.file, `# ours\n${content}`);
  }
}

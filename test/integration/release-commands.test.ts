import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { stringify } from "yaml";
import { delimiter, join } from "node:path";
import { checkout } from "../../local/toolchain/paths";
import { plan, type AppRecord } from "../../releases";
import { desiredApp } from "../../program/decision";
import { parseStack } from "../../config";
import { asked, type Answers } from "../support/answering-prometheus";

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

/** An app before its first release. */
const firstApp = {
  team: "commerce",
  domain: "shop.platform.test",
  image: "harbor.platform.test/shop/shop",
};

const good: Numbers = { requests: 2000, errors: 1, latency: 0.2, restarts: 0 };

describe("npx platform release", () => {
  let folder: string;
  let file: string;
  let server: Server;
  let queries: string[];
  let canary: Numbers;
  let stable: Numbers;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "release-"));
    file = join(folder, "Pulumi.online.yaml");
    queries = [];
    canary = { ...good };
    stable = { ...good };
    server = createServer((request, response) => {
      const query = new URL(request.url ?? "", "http://x").searchParams.get("query") ?? "";
      queries.push(query);
      const numbers = /shop-canary|shop-1-5-0/.test(query) ? canary : stable;
      const value = numbers[asked(query)];
      const result = value === undefined ? [] : [{ value: [0, String(value)] }];
      response.end(JSON.stringify({ status: "success", data: { resultType: "vector", result } }));
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    engine({ up: 0 });
    write({ version: "1.5.0", weight: 10 });
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });

  function values(choice: object): Record<string, unknown> {
    const { port } = server.address() as AddressInfo;
    return {
      environment: "online",
      domain: "platform.test",
      cluster: { kubeconfig: "none", context: "none" },
      releases: { soak: "0s", prometheus: `http://127.0.0.1:${port}` },
      apps: {
        shop: {
          team: "commerce",
          domain: "shop.platform.test",
          image: "harbor.platform.test/shop/shop",
          stable: { version: "1.4.2" },
          ...choice,
        },
      },
    };
  }

  function write(release: object | undefined): void {
    const config = Object.entries(values(release === undefined ? {} : { canary: release })).map(
      ([key, value]) => [`platform:${key}`, value],
    );
    writeFileSync(file, `# ours\n${stringify({ config: Object.fromEntries(config) as object })}`);
  }

  /** A simulated `pulumi` that returns a record, and whose first update has the given output and exit code. */
  function engine({ up, canaryFor = 300, says = "" }: Engine): void {
    record({ releases: { shop: recorded(canaryFor) } });
    const script = `#!/bin/sh
echo "$*" >> ${folder}/calls
case "$1 $2" in
  "stack export") cat ${join(folder, "state.json")} ;;
  up*) [ "$(grep -c '^up' ${folder}/calls)" -gt 1 ] || { echo "${says}" >&2; exit ${up}; } ;;
esac
`;
    writeFileSync(join(folder, "pulumi"), script, { mode: 0o755 });
  }

  /** The state of the stack, with the outputs of its last update. */
  function record(outputs: object, ...resources: object[]): void {
    const root = { urn: "urn:pulumi:online::platform::root", type: "pulumi:pulumi:Stack", outputs };
    const state = { version: 3, deployment: { resources: [root, ...resources] } };
    writeFileSync(join(folder, "state.json"), JSON.stringify(state));
  }

  /** Stable 1.4.2, and canary 1.5.0 for a number of seconds. */
  function recorded(canaryFor: number): AppRecord {
    const stack = parseStack("online", values({ canary: { version: "1.5.0", weight: 10 } }));
    const before = new Date(Date.now() - canaryFor * 1000);
    const desired = desiredApp("shop", stack.apps["shop"]!, stack);
    const answer = plan(undefined, desired, before, { ...stack.releases, forcedCanary: false });
    assert.equal(answer.kind, "plan");
    return (answer as Extract<typeof answer, { kind: "plan" }>).next;
  }

  function ups(): string[] {
    return readFileSync(join(folder, "calls"), "utf8")
      .split("\n")
      .filter((line) => line.startsWith("up"));
  }

  async function release(
    ...args: string[]
  ): Promise<{ code: number | null; out: string; text: string }> {
    const child = spawn(
      process.execPath,
      [
        ...["--require", "./bin/typescript.cjs", "cli/release/index.ts", ...args],
        ...["--stack", "online", "--config-file", file],
      ],
      {
        cwd: checkout,
        env: { ...process.env, PATH: [folder, process.env.PATH].join(delimiter) },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    let out = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (data: Buffer) => (out += data.toString()));
    const [code] = (await once(child, "close")) as [number | null];
    return { code, out, text: readFileSync(file, "utf8") };
  }

  it("refuses to take back a move that has not ended", async () => {
    const labels = { "app.kubernetes.io/name": "shop", "app.kubernetes.io/part-of": "apps" };
    const metadata = { name: "shop-stable", namespace: "content-online", labels };
    const type = "kubernetes:core/v1:Service";
    const moved = {
      urn: `urn:pulumi:online::platform::${type}::shop`,
      type,
      outputs: { metadata },
    };
    record({ releases: { shop: recorded(300) } }, moved);
    const { code, out, text } = await release("weight", "shop", "50");
    assert.equal(code, 1, out);
    assert.match(out, /a move of shop to namespace content-online has not ended/);
    assert.match(text, /weight: 10/);
    // The engine deletes what a completed move has left.
    record({ releases: { shop: recorded(300) } }, { ...moved, delete: true });
    assert.equal((await release("weight", "shop", "50")).code, 0);
  });

  it("shows who gets which share", async () => {
    const { code, out } = await release("status", "shop");
    assert.equal(code, 0, out);
    assert.match(out, /RELEASE +IMAGE +ROLE +WEIGHT +REPLICAS +CONFIG/);
    assert.match(out, /1\.5\.0 +harbor\.platform\.test\/shop\/shop:1\.5\.0 +canary +10% +2-10/);
  });

  it("changes the canary's weight in the file, and nothing else", async () => {
    const before = readFileSync(file, "utf8");
    const dry = await release("weight", "shop", "50", "--dry-run");
    assert.deepEqual([dry.code, dry.text], [0, before]);
    assert.match(dry.out, /10% → 50%/);
    const { code, text, out } = await release("weight", "shop", "50");
    assert.equal(code, 0, out);
    assert.match(text, /weight: 50/);
    assert.equal(text.replace("weight: 50", "weight: 10"), before);
    assert.deepEqual(await release("weight", "shop", "101").then(({ code: end }) => end), 1);
  });

  it("brings out the first version of an app that has no release yet", async () => {
    const fresh = { ...values({}), apps: { shop: { ...firstApp } } };
    const config = Object.entries(fresh).map(([key, value]) => [`platform:${key}`, value]);
    writeFileSync(file, stringify({ config: Object.fromEntries(config) as object }));
    record({});
    const { code, out, text } = await release("canary", "shop", "1.0.0");
    assert.equal(code, 0, out);
    assert.match(out, /1\.0\.0 is the first stable release/);
    assert.match(text, /stable: \{ ?version: 1\.0\.0 ?\}/);
  });

  it("refuses what the preview would refuse, and writes nothing", async () => {
    const before = readFileSync(file, "utf8");
    // A promotion runs the check again if it is required.
    canary = { ...good, errors: 200 };
    const { code, out, text } = await release("promote", "shop");
    assert.equal(code, 1);
    assert.match(out, /shop: .*check.*says fail.*\(canary-before-stable\)/);
    assert.equal(text, before);
  });

  it("a passing check is recorded, and lets the canary be promoted", async () => {
    const checked = await release("check", "shop");
    assert.equal(checked.code, 0, checked.out);
    assert.match(checked.text, /verdict: pass/);
    assert.match(checked.out, /errors 0\.05% on the canary, 0\.05% on stable/);
    const promoted = await release("promote", "shop", "--update");
    assert.equal(promoted.code, 0, promoted.out);
    assert.match(promoted.text, /stable:\s+version: 1\.5\.0\s+check:/);
    assert.doesNotMatch(promoted.text, /canary/);
    assert.equal(ups().length, 1);
  });

  it("asks only about the time in which all requests were the canary's own", async () => {
    await release("check", "shop", "--dry-run");
    assert.equal(queries.length, 8);
    for (const query of queries) assert.match(query, /\[2(7[0-9]|8[0-9])s\]/);
  });

  it("judges no canary by the requests of the one before it", async () => {
    engine({ up: 0, canaryFor: 20 });
    canary.errors = 200;
    const { code, out, text } = await release("check", "shop", "--update");
    assert.equal(code, 2, out);
    assert.match(
      out,
      /inconclusive requests: the canary took its role [0-9]+ s ago, its requests can be told apart after 60 s on/,
    );
    assert.match(text, /weight: 10/);
    assert.deepEqual(queries, []);
  });

  it("a failing check ends with 1; with --update it takes the canary's share away", async () => {
    canary.errors = 200;
    const seen = await release("check", "shop", "--dry-run");
    assert.equal(seen.code, 1);
    assert.match(seen.out, /fail errors: errors 10\.00% on the canary/);
    const { code, out, text } = await release("check", "shop", "--update");
    assert.equal(code, 1, out);
    assert.match(text, /weight: 0/);
    assert.match(text, /verdict: fail/);
    assert.deepEqual(ups(), [
      `up --yes --skip-preview --urns --non-interactive --stack online --config-file ${file}`,
    ]);
  });

  it("no data, or too little, is inconclusive, ends with 2 and never takes traffic away", async () => {
    for (const numbers of [{ requests: 0 }, { ...good, requests: 20 }]) {
      canary = numbers;
      const { code, text } = await release("check", "shop", "--update");
      assert.equal(code, 2);
      assert.match(text, /weight: 10/);
    }
    assert.deepEqual(ups(), []);
  });

  it("a Prometheus that does not answer is an error, not a verdict", async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    const before = readFileSync(file, "utf8");
    const { code, out, text } = await release("check", "shop");
    assert.equal(code, 3);
    assert.match(out, /Prometheus at http:\/\/127\.0\.0\.1:\d+ does not answer/);
    assert.equal(text, before);
  });

  it("puts the former config back and applies it when the update fails", async () => {
    engine({ up: 1 });
    const before = readFileSync(file, "utf8");
    const { code, out, text } = await release("weight", "shop", "50", "--update");
    assert.equal(code, 1);
    assert.match(out, /the update failed; the former config is put back and applied/);
    assert.equal(text, before);
    assert.equal(ups().length, 2);
  });

  it("puts the former config back, and does no more, when another update holds the lock", async () => {
    const holder = "created by ci@runner-7 (pid 12) at 2026-11-21T08:00:00Z";
    engine({ up: 255, says: `error: the stack is currently locked by 1 lock(s): ${holder}` });
    const before = readFileSync(file, "utf8");
    const { code, out, text } = await release("weight", "shop", "50", "--update");
    assert.equal(code, 1);
    assert.match(
      out,
      /Stack "online": locked by ci@runner-7 \(process 12\) since 2026-11-21T08:00:00Z; wait for it, .*: pulumi cancel --yes --stack online, and then: npx platform recover online\nNothing was changed; the former config is put back\./,
    );
    assert.equal(text, before);
    assert.equal(ups().length, 1);
  });

  it("goes back: first the canary ends", async () => {
    const { code, text, out } = await release("rollback", "shop");
    assert.equal(code, 0, out);
    assert.doesNotMatch(text, /canary/);
    assert.match(text, /stable:\s+version: 1\.4\.2\n/);
  });

  it("names the apps there are, and what to do without an engine", async () => {
    assert.match(
      (await release("status", "shp")).out,
      /Stack "online" has no app "shp"; it has shop/,
    );
    rmSync(join(folder, "pulumi"));
    const { PATH } = process.env;
    process.env.PATH = "/usr/bin:/bin";
    try {
      assert.match(
        (await release("status", "shop")).out,
        /pulumi could not be started .*local env/,
      );
    } finally {
      process.env.PATH = PATH;
    }
  });
});

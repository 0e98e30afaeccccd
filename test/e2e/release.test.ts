import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { KubeConfig } from "@kubernetes/client-node";
import { accessFields } from "../../components/logging/access-log";
import { startCluster, stopCluster } from "../../local/cluster";
import { binary } from "../../local/toolchain/install";
import { TestStack } from "../support/project";
import { accessEvent } from "../support/access-line";
import { get } from "../support/logstash";
import { Containers, gatewayPort } from "./support/containers";
import { ask as askFrom } from "./support/entrance";
import { Kubelet } from "./support/kubelet";
import { call, type RpcAnswer } from "./support/rpc";
import { ask, binomialBounds, Load, type Answers } from "./support/load";
import type { Target } from "./support/send";

/** Longest time until Traefik serves the state of the API server, milliseconds. */
const propagation = 3000;
const host = "shop.dev.platform.test";
const rpcHost = "rpc.dev.platform.test";
const otherHost = "grpc.dev.platform.test";

/** The releases of the app, as in its config. */
interface Releases {
  stable: { version: string };
  canary?: { version: string; weight: number };
}

describe("a release under constant load, through pulumi up and a real gateway", () => {
  let stack: TestStack;
  let kubelet: Kubelet;
  let containers: Containers;
  let load: Load;

  before(async () => {
    const cluster = await startCluster({ name: "e2e", simulate: false });
    const config = new KubeConfig();
    config.loadFromFile(cluster.kubeconfig);
    stack = new TestStack("e2e", cluster);
    containers = new Containers(config, binary("traefik"), stack.folder);
    kubelet = new Kubelet(cluster, containers.start);
    kubelet.run();
    // The pods of other parts have no processes here.
    stack.keepParts("tenancy", "gateway");
    stack.edit((settings) => {
      settings["platform:releases"] = {
        forcedCanary: true,
        soak: "3s",
        checkRequired: false,
        secondRelease: "supersede",
      };
      const apps = settings["platform:apps"] as Record<string, Record<string, unknown>>;
      settings["platform:apps"] = {
        shop: {
          ...apps["shop"],
          scaling: { min: 2, max: 4 },
          canaryFor: [
            { headers: { "x-gray": "1" } },
            { headers: { "x-tenant": "acme", "x-region": "eu" } },
            { cookie: { name: "gray", value: "1" } },
            { query: { gray: "1" } },
          ],
          drainSeconds: 5,
          progressDeadlineSeconds: 20,
          // Every address in the test's network namespace except that of its other device.
          allow: ["10.0.0.0/16"],
          probes: {
            readiness: { path: "/healthz" },
            startup: { path: "/healthz", periodSeconds: 1 },
          },
        },
        rpc: {
          team: "commerce",
          domain: rpcHost,
          hosts: [otherHost],
          paths: ["/shop.Orders", "/limited"],
          protocol: "h2c",
          env: { PROTOCOL: "h2c" },
          rateLimit: { perSecond: 10, burst: 20 },
          image: "harbor.dev.platform.test/rpc/rpc",
          scaling: { min: 1, max: 2 },
          stable: { version: "1.0.0" },
        },
      };
    });
    await stack.create();
    await apply({ stable: { version: "1.4.2" } });
    load = new Load(target(), 4);
  });

  after(async () => {
    await load?.stop();
    await kubelet?.stop();
    await stopCluster("e2e");
    stack?.remove();
  });

  afterEach(async function () {
    if (this.currentTest?.state !== "failed") return;
    console.log(await stack.kubectl("get", "deployments,pods,endpointslices", "-A", "-o", "wide"));
    console.log(containers.gatewayLog.slice(-10).join(""), kubelet.errors);
  });

  function target(headers: Record<string, string> = {}): Target {
    return { address: containers.gatewayAddress, port: gatewayPort, host, headers };
  }

  function asked(count: number, headers?: Record<string, string>, path?: string): Promise<Answers> {
    return ask({ ...target(headers), path }, count);
  }

  function callRpc(to: string, path: string): Promise<RpcAnswer> {
    return call(containers.gatewayAddress, gatewayPort, to, path);
  }

  function set(releases: Releases): void {
    stack.edit((config) => {
      const apps = config["platform:apps"] as { shop: Partial<Releases> };
      apps.shop.stable = releases.stable;
      delete apps.shop.canary;
      if (releases.canary !== undefined) apps.shop.canary = releases.canary;
    });
  }

  async function apply(releases: Releases): Promise<string> {
    set(releases);
    const { code, output } = await stack.pulumi("up");
    assert.equal(code, 0, output);
    await sleep(propagation);
    return output;
  }

  /** Returns the versions of the app's running processes, in order. */
  function versionsRunning(): string[] {
    const versions = kubelet
      .running()
      .flatMap((pod) => /^shop-(\d+)-(\d+)-(\d+)-/.exec(pod)?.slice(1, 4).join(".") ?? []);
    return [...new Set(versions)].sort();
  }

  /** Fails if any request has failed since the start of the load; shows the first. */
  function noneFailed(): void {
    assert.deepEqual(load.answers.failed.slice(0, 3), []);
  }

  function within(answers: Answers, version: string, share: number): void {
    const [low, high] = binomialBounds(answers.total, share);
    const found = answers.byRelease[version] ?? 0;
    assert.ok(
      found >= low && found <= high,
      `${version} answered ${found} of ${answers.total}, expected ${low.toFixed(0)} to ${high.toFixed(0)}`,
    );
  }

  it("a canary without a share is reached by the header only", async () => {
    await apply({ stable: { version: "1.4.2" }, canary: { version: "1.5.0", weight: 0 } });
    assert.deepEqual((await asked(50, { "x-gray": "1" })).byRelease, { "1.5.0": 50 });
    assert.deepEqual((await asked(200)).byRelease, { "1.4.2": 200 });
    noneFailed();
  });

  for (const [kind, headers, path] of [
    ["a cookie", { cookie: "gray=1" }],
    ["a cookie among others", { cookie: "a=2; gray=1; b=3" }],
    ["a parameter of the query", {}, "/?a=2&gray=1"],
    ["two headers", { "x-tenant": "acme", "X-Region": "eu" }],
  ] as const) {
    it(`a canary without a share is reached by ${kind}, where the app names it`, async () => {
      assert.deepEqual((await asked(50, { ...headers }, path)).byRelease, { "1.5.0": 50 });
      noneFailed();
    });
  }

  for (const [kind, headers, path] of [
    ["a cookie of another name or value", { cookie: "xgray=1; gray=11; gray.=1" }],
    ["another parameter", {}, "/?gray=2&xgray=1"],
    ["one header of two", { "x-tenant": "acme" }],
  ] as const) {
    it(`a canary without a share is not reached by ${kind}`, async () => {
      assert.deepEqual((await asked(50, { ...headers }, path)).byRelease, { "1.4.2": 50 });
      noneFailed();
    });
  }

  for (const weight of [10, 50]) {
    it(`a canary of ${weight}% gets its share, within the binomial bounds`, async () => {
      await apply({ stable: { version: "1.4.2" }, canary: { version: "1.5.0", weight } });
      within(await asked(1000), "1.5.0", weight / 100);
      assert.deepEqual((await asked(50, { "x-gray": "1" })).byRelease, { "1.5.0": 50 });
      noneFailed();
    });
  }

  it("its access log has every field that is indexed, under the app's domain, with route and release", async () => {
    await asked(1, { "x-gray": "1", "user-agent": "test", referer: "http://a.example.com/" });
    const last = (has: RegExp) => {
      const lines = containers.gatewayLog.join("").split("\n").reverse();
      return lines.find((text) => has.test(text)) ?? "";
    };
    for (let tries = 0; tries < 50 && last(/"request_Referer"/) === ""; tries += 1)
      await sleep(100);
    const line = last(/"request_Referer"/);
    for (const field of Object.keys(accessFields)) assert.ok(line.includes(`"${field}":`), field);
    const event = accessEvent(line, { shop: host, news: "news.example.com" });
    assert.deepEqual(
      ["ltype", "domain", "app", "release", "canary", "message", "[@metadata][stream]"].map(
        (field) => get(event, field),
      ),
      ["gateway", host, "shop", "canary", "true", `GET ${host}/ 200`, host],
    );
    assert.match(String(get(event, "route")), /commerce-dev-shop/);
    const stable = last(/"ServiceName":"[^"]*-stable-/);
    assert.equal(get(accessEvent(stable, { shop: host }), "release"), "stable");
    noneFailed();
  });

  it("an address that its allow-list lacks is refused, whatever it says of itself", async () => {
    const from = "10.255.0.1";
    const headers = { "x-forwarded-for": "10.0.0.1", "x-gray": "1" };
    for (const sent of [{}, headers]) {
      const options = { host, from, headers: sent };
      assert.match(await askFrom(containers.gatewayAddress, gatewayPort, options), /^403/);
    }
    assert.equal((await asked(20)).failed.length, 0);
    noneFailed();
  });

  it("an app is reached over HTTP/2 with trailers, at each of its hosts and paths, and nowhere else", async () => {
    const path = "/shop.Orders/List";
    for (const each of [rpcHost, otherHost]) {
      assert.deepEqual(await callRpc(each, path), {
        status: 200,
        body: `1.0.0 ${each}${path}`,
        trailers: { "grpc-status": "0" },
      });
    }
    assert.equal((await callRpc(rpcHost, "/shop.OrdersOfOthers/List")).status, 404);
    assert.equal((await callRpc(rpcHost, "/")).status, 404);
    noneFailed();
  });

  it("a client gets as many answers a second as its rate limit says, and then 429", async () => {
    await sleep(3000);
    const calls = Array.from({ length: 60 }, () => callRpc(otherHost, "/limited"));
    const statuses = (await Promise.all(calls)).map(({ status }) => status);
    const passed = statuses.filter((status) => status === 200).length;
    // A burst of 20, and 10 more per second of the calls' duration.
    assert.ok(passed >= 20 && passed <= 40, `${passed} of 60 calls passed`);
    assert.equal(statuses.filter((status) => status === 429).length, 60 - passed);
    noneFailed();
  });

  it("a version that was never canary cannot be promoted, and nothing changes", async () => {
    set({ stable: { version: "1.6.0" } });
    for (const verb of ["preview", "up"]) {
      const { code, output } = await stack.pulumi(verb);
      assert.notEqual(code, 0);
      assert.match(output, /1\.6\.0 is requested as stable, but 1\.4\.2 is, and 1\.5\.0 is canary/);
    }
    within(await asked(500), "1.5.0", 0.5);
    noneFailed();
  });

  it("a promotion moves all requests at once and touches no Deployment", async () => {
    set({ stable: { version: "1.5.0" } });
    const { code, output } = await stack.pulumi("preview", "--diff");
    assert.equal(code, 0, output);
    assert.doesNotMatch(output, /[-+~] kubernetes:apps\/v1:Deployment/);
    await apply({ stable: { version: "1.5.0" } });
    assert.deepEqual((await asked(300)).byRelease, { "1.5.0": 300 });
    noneFailed();
  });

  it("a rollback brings the former release back in the pods that it has, and first adds what its share needs", async () => {
    const before = kubelet.running();
    await apply({ stable: { version: "1.4.2" } });
    assert.deepEqual((await asked(300)).byRelease, { "1.4.2": 300 });
    const after = new Set(kubelet.running());
    const gone = before.filter((pod) => !after.has(pod));
    assert.deepEqual(gone, [], "pods were replaced");
    noneFailed();
  });

  it("a hotfix takes the place of a canary, soaks, and is promoted; what it replaced is retired", async () => {
    await apply({ stable: { version: "1.4.2" }, canary: { version: "1.6.0", weight: 20 } });
    await apply({ stable: { version: "1.4.2" }, canary: { version: "1.4.3", weight: 50 } });
    within(await asked(1000), "1.4.3", 0.5);
    assert.deepEqual(versionsRunning(), ["1.4.2", "1.4.3", "1.5.0"]);
    await apply({ stable: { version: "1.4.3" } });
    assert.deepEqual((await asked(300)).byRelease, { "1.4.3": 300 });
    noneFailed();
  });

  it("a former release is retired once another one is kept for a rollback", async () => {
    assert.deepEqual(versionsRunning(), ["1.4.2", "1.4.3"]);
    assert.doesNotMatch(await stack.kubectl("get", "deployments,pods", "-A"), /shop-1-(5|6)-0/);
    noneFailed();
  });

  it("a canary that crashes gets no request: its update fails and is undone, stable keeps all of them", async () => {
    stack.edit((config) => {
      const apps = config["platform:apps"] as { shop: { env: Record<string, string> } };
      apps.shop.env = { ...apps.shop.env, CRASH_AT_START: "yes" };
    });
    const { code, output } = await stack.release("canary", "shop", "1.7.0", "-w", "50", "--update");
    assert.equal(code, 1, output);
    assert.match(output, /Deployment.*shop-1-7-0.*not (ready|available)|shop-1-7-0.*progress/is);
    assert.match(output, /the update failed; the former config is put back and applied/);
    assert.deepEqual((await asked(300)).byRelease, { "1.4.3": 300 });
    assert.deepEqual(versionsRunning(), ["1.4.2", "1.4.3"]);
    noneFailed();
  });

  it("not one request failed in all that time, and the kubelet saw no error", async () => {
    const { total, failed } = await load.stop();
    console.log(`      ${total} requests, ${failed.length} failed`);
    assert.ok(total > 1000);
    assert.deepEqual(failed, []);
    assert.deepEqual(kubelet.errors, []);
  });
});

import assert from "node:assert/strict";
import { trafficIn } from "../../../../cli/preview/run";
import { parseStack, ProgramError } from "../../../../config";
import { liveAppsIn } from "../../../../program/known";
import { plan, type AppRecord } from "../../../../releases";
import { desiredApp } from "../../../../program/decision";
import { policyOf } from "../../../../program/release-policy";
import { resolveStack } from "../../../../program/platform-stack";

const platformName = "organization/platform/online";
const now = new Date("2026-11-21T08:00:00Z");

const config = parseStack("shop.online", {
  environment: "online",
  domain: "platform.test",
  cluster: { kubeconfig: "none", context: "none" },
  releases: { forcedCanary: false, soak: "0s" },
  platformStack: platformName,
  apps: {
    shop: {
      team: "commerce",
      domain: "shop.platform.test",
      image: "harbor.platform.test/shop/shop",
      stable: { version: "1.5.0" },
    },
  },
});

/** What the platform stack's output says: the team's namespace is not the one that its name makes. */
const facts = {
  environment: "online",
  scheme: "http",
  gateway: { name: "online", namespace: "gateway" },
  namespaces: { commerce: "shops" },
  pullSecrets: { commerce: "harbor-pull" },
  prometheus: "http://prometheus.monitoring.svc:9090",
};

/** A stub of the cluster: 1.4.2 serves with 8 pods, in the platform stack's namespace alone. */
class StubReader {
  readonly asked: string[] = [];

  get(path: string): Promise<never> {
    this.asked.push(path);
    const [, namespace, kind] = /\/namespaces\/([^/]+)\/(\w+)\?/.exec(path) ?? [];
    const labels = { "app.kubernetes.io/name": "shop" };
    const of = (name: string, fields: object) => ({ metadata: { name, labels }, ...fields });
    const service = (role: string) =>
      of(`shop-${role}`, {
        metadata: { name: `shop-${role}`, annotations: { "platform/release": "1.4.2" } },
        spec: { selector: { "app.kubernetes.io/instance": "shop-1-4-2" } },
      });
    const objects: Record<string, object[]> = {
      services: [service("stable"), service("canary")],
      httproutes: [
        of("shop", { spec: { rules: [{ backendRefs: [{ name: "shop-canary", weight: 0 }] }] } }),
      ],
      deployments: [of("shop-1-4-2", { status: { readyReplicas: 8 } })],
    };
    const items = namespace === "shops" ? (objects[kind ?? ""] ?? []) : [];
    return Promise.resolve({ items } as never);
  }

  close(): void {
    this.asked.push("closed");
  }
}

async function recorded(): Promise<AppRecord> {
  const whole = await resolveStack(config, () => Promise.resolve({ platform: facts }));
  const { shop } = config.apps;
  assert.ok(shop);
  const former = { ...shop, stable: { ...shop.stable, version: "1.4.2" } };
  const desired = desiredApp("shop", former, whole);
  const answer = plan(undefined, desired, new Date(0), policyOf(config));
  assert.ok(answer.kind === "plan");
  return answer.next;
}

function previewOf(records: Record<string, AppRecord>) {
  return { finished: true, last: records, records, apps: {}, resources: [] };
}

describe("the preview of an app stack", () => {
  it("refuses to revert a move that is not complete", async () => {
    const labels = { "app.kubernetes.io/name": "shop", "app.kubernetes.io/part-of": "apps" };
    const type = "kubernetes:apps/v1:Deployment";
    const outputs = { metadata: { name: "shop-1-4-2", namespace: "carts", labels } };
    const resources = [{ urn: `urn:pulumi:x::y::${type}::shop`, type, custom: true, outputs }];
    const preview = { ...previewOf({ shop: await recorded() }), resources };
    const outputsOf = () => Promise.resolve({ platform: facts });
    const [shop] = await trafficIn("shop.online", config, preview, now, outputsOf, () =>
      Promise.resolve({}),
    );
    assert.deepEqual(
      shop?.refusals.map(({ rule }) => rule),
      ["move-unfinished"],
    );
    assert.match(shop?.table ?? "", /1\.4\.2/);
  });

  it("reads the namespaces of the platform stack, whose output it reads once", async () => {
    const reader = new StubReader();
    const read: string[] = [];
    const preview = previewOf({ shop: await recorded() });
    const [shop] = await trafficIn(
      "shop.online",
      config,
      preview,
      now,
      (stack) => {
        read.push(stack);
        return Promise.resolve({ platform: facts });
      },
      (stack, records) => liveAppsIn(stack, records, [], () => reader),
    );
    assert.deepEqual(read, [platformName]);
    assert.ok(reader.asked.includes("closed"));
    const places = reader.asked.flatMap((path) => /namespaces\/([^/]+)/.exec(path)?.[1] ?? []);
    assert.deepEqual([...new Set(places)], ["shops"]);
    assert.match(shop?.table ?? "", /READY/);
    assert.match(shop?.sentences.join() ?? "", /0 of the 8 ready pods/);
    assert.deepEqual(shop?.podDangers, []);
  });

  it("decides with the platform stack's settings of pods, as the update does", async () => {
    const none = await resolveStack({ ...config, platformStack: undefined }, () =>
      Promise.reject(),
    );
    const whole = await resolveStack(config, () => Promise.resolve({ platform: facts }));
    const { shop } = config.apps;
    assert.ok(shop);
    const { template } = desiredApp("shop", shop, whole);
    assert.notDeepEqual(desiredApp("shop", shop, none).template, template);
    const preview = { ...previewOf({}), finished: false };
    const [traffic] = await trafficIn("shop.online", config, preview, now, () =>
      Promise.resolve({ platform: facts }),
    );
    const answer = plan(undefined, desiredApp("shop", shop, whole), now, policyOf(config));
    assert.ok(answer.kind === "plan");
    const [hash = ""] = Object.keys(answer.next.templates);
    assert.ok(traffic?.table.includes(hash.slice(0, 10)));
  });

  it("fails like the update if the platform stack cannot be read", async () => {
    const preview = { ...previewOf({}), finished: false };
    await assert.rejects(
      trafficIn("shop.online", config, preview, now, () => Promise.reject(new Error("no stack"))),
      (error) => error instanceof ProgramError && error.message.includes("no stack"),
    );
  });
});

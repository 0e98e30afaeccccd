import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { AppArgs, LiveRelease } from "../../../../components/app";
import { waitForNothing, type Waiting } from "../../../../components/app/services";
import { at } from "../../../support/declare";
import { shop, template } from "../../../support/shop";

const older = release("shop-1-4-2", "1.4.2", "a: 1\n");
const newer = release("shop-1-5-0", "1.5.0", "a: 2\n");

function release(name: string, version: string, file: string): LiveRelease {
  const files = { configFiles: { "/etc/shop/a.yaml": file } };
  return { name, key: version, version, template: template(files) };
}

const resting = { releases: [older] };
const trying = { releases: [older, newer], canary: newer.name, canaryWeight: 10 };
const promoted = { releases: [older, newer], stable: newer.name };

describe("App", () => {
  it("declares one Deployment, autoscaler, budget and ConfigMap per live release", async () => {
    const declared = await shop(trying);
    for (const kind of ["Deployment", "HorizontalPodAutoscaler", "PodDisruptionBudget"]) {
      assert.deepEqual(declared.names(kind), ["shop-1-4-2", "shop-1-5-0"]);
    }
    assert.equal(declared.names("ConfigMap").length, 2);
  });

  it("is served by an Ingress to stable instead of a route, and then has no canary", async () => {
    const ingress = { className: "traefik", tlsSecret: "shop-tls" };
    const declared = await shop({ ...resting, ingress });
    assert.deepEqual(declared.names("HTTPRoute"), []);
    const object = declared.object("Ingress", "shop");
    assert.deepEqual(at(object, "spec.tls"), [
      { hosts: ["shop.platform.test"], secretName: "shop-tls" },
    ]);
    assert.match(JSON.stringify(at(object, "spec.rules")), /"name":"shop-stable"/);
    await assert.rejects(
      shop({ ...trying, ingress }),
      /platform:apps\.shop\.ingress: expected no Ingress while the app has a canary, got one/,
    );
  });

  it("splits by weights that sum to 100, in both rules, over both Services", async () => {
    for (const canaryWeight of [0, 1, 50, 100]) {
      const route = (await shop({ ...trying, canaryWeight })).object("HTTPRoute", "shop");
      const rules = at(route, "spec.rules") as {
        backendRefs: { name: string; weight: number }[];
      }[];
      const refs = rules.map(({ backendRefs }) =>
        backendRefs.map(({ name, weight }) => [name, weight]),
      );
      assert.deepEqual(refs, [
        [
          ["shop-stable", 0],
          ["shop-canary", 100],
        ],
        [
          ["shop-stable", 100 - canaryWeight],
          ["shop-canary", canaryWeight],
        ],
      ]);
    }
  });

  it("sends the canary what its config names, a match for each kind of requests", async () => {
    const canaryFor = [
      { headers: { "x-tenant": "acme", "x-region": "eu" } },
      { cookie: { name: "gray.id", value: "1.5" }, query: { beta: "yes" } },
    ];
    const path = { type: "PathPrefix", value: "/" };
    const route = (await shop({ ...trying, canaryFor })).object("HTTPRoute", "shop");
    const [named, rest] = at(route, "spec.rules") as { matches: object[] }[];
    assert.deepEqual(named?.matches, [
      {
        path,
        headers: [
          { type: "Exact", name: "x-tenant", value: "acme" },
          { type: "Exact", name: "x-region", value: "eu" },
        ],
      },
      {
        path,
        headers: [
          { type: "RegularExpression", name: "cookie", value: "(^|; ?)gray\\.id=1\\.5(;|$)" },
        ],
        queryParams: [{ type: "Exact", name: "beta", value: "yes" }],
      },
    ]);
    assert.deepEqual(rest?.matches, [{ path }]);
  });

  it("never changes the shape of a route, whatever the releases: only weights differ", async () => {
    const shapes: string[] = [];
    for (const state of [resting, trying, promoted]) {
      const route = (await shop(state)).object("HTTPRoute", "shop");
      shapes.push(
        JSON.stringify(route, (key, value: unknown) => (key === "weight" ? undefined : value)),
      );
    }
    assert.equal(new Set(shapes).size, 1);
  });

  it("points both Services to the stable release when there is no canary", async () => {
    const declared = await shop(resting);
    for (const role of ["shop-stable", "shop-canary"]) {
      assert.deepEqual(at(declared.object("Service", role), "spec.selector"), {
        "app.kubernetes.io/name": "shop",
        "app.kubernetes.io/instance": "shop-1-4-2",
      });
    }
  });

  it("promotes by moving the stable Service's selector", async () => {
    const selector = async (state: Partial<AppArgs>) =>
      at((await shop(state)).object("Service", "shop-stable"), "spec.selector") as Record<
        string,
        string
      >;
    assert.equal((await selector(trying))["app.kubernetes.io/instance"], "shop-1-4-2");
    assert.equal((await selector(promoted))["app.kubernetes.io/instance"], "shop-1-5-0");
  });

  it("declares a release's objects identically in every role, so that a promotion restarts nothing", async () => {
    const objectsOf = async (state: Partial<AppArgs>) =>
      (await shop(state)).objects.filter(({ metadata }) => metadata.name.startsWith("shop-1-5-0"));
    assert.deepEqual(await objectsOf(trying), await objectsOf(promoted));
  });

  it("keeps each release's own config files, in immutable objects named after their content", async () => {
    const declared = await shop(promoted);
    const configMaps = declared.objects.filter(({ kind }) => kind === "ConfigMap");
    assert.deepEqual(
      configMaps.map((configMap) => [
        configMap["immutable"],
        Object.values(configMap["data"] as Record<string, string>),
      ]),
      [
        [true, ["a: 1\n"]],
        [true, ["a: 2\n"]],
      ],
    );
    for (const { name } of promoted.releases) {
      const volumes = at(declared.object("Deployment", name), "spec.template.spec.volumes") as {
        configMap?: { name: string };
      }[];
      const [mounted] = volumes.flatMap(({ configMap }) => configMap?.name ?? []);
      assert.ok(mounted?.startsWith(`${name}-files-`));
      assert.ok(declared.names("ConfigMap").includes(mounted ?? ""));
    }
  });

  it("selects by app and release only: neither version nor config is in a selector", async () => {
    const changed = { ...older, version: "9.9.9" };
    const selectorOf = async (release: LiveRelease) =>
      at(
        (await shop({ releases: [release] })).object("Deployment", older.name),
        "spec.selector.matchLabels",
      );
    assert.deepEqual(await selectorOf(older), await selectorOf(changed));
  });

  it("leaves the number of replicas to the autoscaler", async () => {
    const deployment = (await shop(resting)).object("Deployment", "shop-1-4-2");
    assert.equal(at(deployment, "spec.replicas"), undefined);
  });

  it("moves a Service only after its release is ready, and the route after the Services", async () => {
    const { registrations } = await shop(trying);
    const urn = (type: string, name: string) =>
      registrations.find((entry) => entry.type.endsWith(type) && entry.name === name)?.urn ?? "";
    const dependencies = (name: string, type: string) =>
      registrations.find((entry) => entry.type.endsWith(type) && entry.name === name)
        ?.dependencies ?? [];
    assert.ok(dependencies("shop-canary", ":Service").includes(urn(":Deployment", "shop-1-5-0")));
    assert.ok(dependencies("shop-stable", ":Service").includes(urn(":Deployment", "shop-1-4-2")));
    for (const role of ["shop-stable", "shop-canary"]) {
      assert.ok(dependencies("shop", ":HTTPRoute").includes(urn(":Service", role)));
    }
  });

  it("changes the route before a Service if the order requires it, and nothing before enough pods are ready", async () => {
    const asked: string[] = [];
    let release = () => {};
    const pods = new Promise<void>((resolve) => (release = resolve));
    const waiting: Waiting = {
      ...waitForNothing,
      afterPodsReady: ({ releaseName }) => {
        asked.push(releaseName);
        setTimeout(() => {
          asked.push("ready");
          release();
        }, 50);
        return pulumi.output(pods);
      },
      reachableName: (service) => {
        asked.push("service");
        return service.metadata.name;
      },
      afterRouteServed: (id, weight) => {
        asked.push(`route at ${weight}%`);
        return id;
      },
    };
    const { registrations } = await shop({
      ...trying,
      releases: [older, { ...newer, needed: 3, floor: 3 }],
      order: [["route"], ["stable", "canary"]],
      waiting,
    });
    const entry = (type: string, name: string) =>
      registrations.find((each) => each.type.endsWith(type) && each.name === name);
    const route = entry(":HTTPRoute", "shop");
    assert.ok(entry(":Service", "shop-canary")?.dependencies.includes(route?.urn ?? ""));
    assert.ok(!route?.dependencies.includes(entry(":Service", "shop-canary")?.urn ?? ""));
    assert.deepEqual(asked.slice(0, 1), ["shop-1-5-0"]);
    assert.ok(asked.includes(`route at ${trying.canaryWeight}%`), "its weight is verified");
    const at = (type: string, name: string) =>
      registrations.findIndex((each) => each.type.endsWith(type) && each.name === name);
    assert.ok(at(":HTTPRoute", "shop") < at(":Service", "shop-canary"));
    assert.ok(at(":HorizontalPodAutoscaler", "shop-1-5-0") < at(":HTTPRoute", "shop"));
    const { minReplicas } = entry(":HorizontalPodAutoscaler", "shop-1-5-0")?.inputs.spec as {
      minReplicas: number;
    };
    assert.equal(minReplicas, 3);
  });

  it("refuses a role for a release that does not run", async () => {
    await assert.rejects(
      shop({ canary: "shop-9" }),
      /Expected a live release, got shop-9; live releases: shop-1-4-2/,
    );
  });
});

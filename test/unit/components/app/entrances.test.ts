import assert from "node:assert/strict";
import { App, type AppArgs } from "../../../../components/app";
import { at, declare } from "../../../support/declare";
import { podOf, shop, shopArgs, template } from "../../../support/shop";

const hosts = ["www.platform.test"];
const paths = ["/shop", "/api"];
const gateway = { name: "dev", namespace: "gateway", clients: { forwardedBy: ["10.0.8.7/32"] } };

describe("where an app is served", () => {
  it("is one route for all hosts and paths, whose rules have a match for each", async () => {
    const route = (await shop({ hosts, paths })).object("HTTPRoute", "shop");
    assert.deepEqual(at(route, "spec.hostnames"), ["shop.platform.test", ...hosts]);
    const matches = (at(route, "spec.rules") as { matches: object[] }[]).map((it) => it.matches);
    const headers = [{ type: "Exact", name: "x-gray", value: "1" }];
    const path = (value: string) => ({ type: "PathPrefix", value });
    assert.deepEqual(matches, [
      paths.map((value) => ({ path: path(value), headers })),
      paths.map((value) => ({ path: path(value) })),
    ]);
  });

  it("has no more matches than a rule permits, with everything that the config allows", async () => {
    const most = Array.from({ length: 8 }, (_, index) => index);
    const route = await shop({
      paths: most.map((index) => `/${index}`),
      canaryFor: most.map((index) => ({ headers: { "x-kind": String(index) } })),
    });
    const [named] = at(route.object("HTTPRoute", "shop"), "spec.rules") as { matches: object[] }[];
    assert.equal(named?.matches.length, 64);
  });

  it("is the same for an Ingress", async () => {
    const ingress = { className: "traefik", tlsSecret: "tls" };
    const object = (await shop({ hosts, paths, ingress })).object("Ingress", "shop");
    const rules = at(object, "spec.rules") as {
      host: string;
      http: { paths: { path: string }[] };
    }[];
    assert.deepEqual(
      rules.map(({ host, http }) => [host, http.paths.map(({ path }) => path)]),
      ["shop.platform.test", ...hosts].map((host) => [host, paths]),
    );
    assert.deepEqual(at(object, "spec.tls.0.hosts"), ["shop.platform.test", ...hosts]);
  });

  it("is reached as the gateway serves it, and through another controller by its own certificate", async () => {
    const urlOf = async (args: Partial<AppArgs>) => {
      let found: string | undefined;
      await declare((provider) => {
        const { url } = new App("shop", shopArgs(args), { provider });
        found = url;
      });
      return found;
    };
    const [traefik, nginx] = [{ className: "traefik" }, { className: "nginx" }];
    const cases: [ingress: AppArgs["ingress"], scheme: AppArgs["scheme"], url: string][] = [
      [undefined, "https", "https"],
      [traefik, "https", "https"],
      [traefik, "http", "http"],
      [nginx, "https", "http"],
      [{ ...nginx, tlsSecret: "tls" }, "http", "https"],
    ];
    for (const [ingress, scheme, expected] of cases) {
      assert.equal(
        await urlOf({ ingress, scheme }),
        `${expected}://shop.platform.test/`,
        JSON.stringify([ingress, scheme]),
      );
    }
  });

  it("accepts so many requests from a client, as the proxies in front identify it", async () => {
    const declared = await shop({ gateway, rateLimit: { perSecond: 20, burst: 50 } });
    assert.deepEqual(at(declared.object("Middleware", "shop-rate-limit"), "spec.rateLimit"), {
      average: 20,
      burst: 50,
      sourceCriterion: { ipStrategy: { excludedIPs: ["10.0.8.7/32"] } },
    });
    const rules = at(declared.object("HTTPRoute", "shop"), "spec.rules") as { filters: object[] }[];
    for (const { filters } of rules) assert.match(JSON.stringify(filters), /shop-rate-limit/);
    await assert.rejects(
      shop({ rateLimit: { perSecond: 20 } }),
      /platform:components\.gateway\.middlewares: expected middlewares, which a rate limit needs, got none/,
    );
  });

  it("is probed at its port if it only speaks HTTP/2, unless it has its own probes", async () => {
    const { container } = await podOf({
      protocol: "h2c",
      probes: { readiness: { command: ["/bin/ready"] } },
    });
    const port = { tcpSocket: { port: "http" } };
    assert.deepEqual(container.livenessProbe, { ...port, periodSeconds: 10, failureThreshold: 6 });
    assert.deepEqual(container.readinessProbe, { exec: { command: ["/bin/ready"] } });
  });

  it("declares the protocol of its port if it is not HTTP/1.1", async () => {
    const ports = async (fields: object) => {
      const releases = [
        { name: "shop-1-4-2", key: "1.4.2", version: "1.4.2", template: template({ ...fields }) },
      ];
      const declared = await shop({ releases, nodePort: 31001 });
      return ["shop-stable", "shop-canary", "shop-nodeport"].map((name) =>
        at(declared.object("Service", name), "spec.ports.0.appProtocol"),
      );
    };
    assert.deepEqual(await ports({}), [undefined, undefined, undefined]);
    const h2c = "kubernetes.io/h2c";
    assert.deepEqual(await ports({ protocol: "h2c" }), [h2c, h2c, h2c]);
  });
});

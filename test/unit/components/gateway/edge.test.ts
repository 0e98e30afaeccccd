import assert from "node:assert/strict";
import { mock } from "node:test";
import {
  slowUploadsWarning,
  hiddenClientsWarning,
  type ClientAddressArgs,
} from "../../../../components/gateway/clients";
import type { Exposure } from "../../../../components/gateway/services";
import { webRoute } from "../../../../components/shared/web-route";
import { at, declare } from "../../../support/declare";
import { gateway, type Config, type Facts } from "./declared";

const nodePort: Exposure = {
  type: "NodePort",
  http: 30080,
  https: 30443,
  externalTrafficPolicy: "Cluster",
};
const balancer: Exposure = {
  type: "LoadBalancer",
  annotations: {},
  externalTrafficPolicy: "Cluster",
};

async function argumentsOf(config: Config, facts: Facts = {}): Promise<string[]> {
  const traefik = (await gateway(config, facts)).object("Deployment", "traefik");
  const [container] = at(traefik, "spec.template.spec.containers") as { args: string[] }[];
  return container?.args ?? [];
}

const readTimeouts = (args: string[]) =>
  Object.fromEntries(
    args.flatMap((arg) => {
      const [, entry, value] = /^--entryPoints\.(\w+)\..*readTimeout=(.*)$/.exec(arg) ?? [];
      return entry === undefined ? [] : [[entry, value]];
    }),
  ) as Record<string, string>;

describe("the edge of the gateway (R31)", () => {
  it("ends a request after a minute, except for uploads, which have their own entry point", async () => {
    assert.deepEqual(readTimeouts(await argumentsOf({})), { web: "60s", websecure: "60s" });
    const uploading = ["registry", "artifacts"];
    const exposure: Exposure = { ...nodePort, uploads: 30444 };
    assert.deepEqual(readTimeouts(await argumentsOf({ exposure }, { uploading })), {
      web: "60s",
      websecure: "60s",
      uploads: "0s",
    });
    assert.deepEqual(readTimeouts(await argumentsOf({}, { uploading })), {
      web: "0s",
      websecure: "0s",
    });
  });

  it("admits to the entry point of uploads only routes of the parts that accept them", async () => {
    const exposure: Exposure = { ...balancer, uploads: { annotations: { a: "b" } } };
    const tls = { secret: "wildcard", redirect: true };
    const declared = await gateway({ exposure, tls }, { uploading: ["registry"] });
    const listeners = at(declared.object("Gateway", "dev"), "spec.listeners") as {
      name: string;
      protocol: string;
    }[];
    const uploads = listeners.find(({ name }) => name === "uploads");
    assert.equal(uploads?.protocol, "HTTPS");
    assert.deepEqual(at(uploads, "allowedRoutes.namespaces.selector.matchExpressions"), [
      { key: "kubernetes.io/metadata.name", operator: "In", values: ["registry"] },
    ]);
    const service = declared.object("Service", "traefik-uploads");
    assert.equal(at(service, "spec.type"), "LoadBalancer");
    assert.equal(service.metadata.annotations?.["a"], "b");
    assert.deepEqual(at(service, "spec.ports"), [
      { name: "uploads", port: 443, targetPort: "uploads" },
    ]);
  });

  it("redirects to the port on which clients reach HTTPS", async () => {
    const to = async (config: Config) =>
      (await argumentsOf(config))
        .find((arg) => arg.includes("redirections.entryPoint.to="))
        ?.split("=")[1];
    const tls = { secret: "wildcard", redirect: true };
    assert.equal(await to({ tls }), ":30443");
    assert.equal(await to({ tls: { ...tls, port: 443 } }), ":443");
    assert.equal(await to({ tls, exposure: balancer }), ":443");
    assert.equal(await to({ tls, exposure: { type: "HostPort", http: 80, https: 8443 } }), ":8443");
  });

  it("trusts proxies in the config's ranges, at every public entry point", async () => {
    assert.ok(!(await argumentsOf({})).some((arg) => arg.includes("trustedIPs")));
    const exposure: Exposure = { ...balancer, uploads: { annotations: {} } };
    const args = await argumentsOf({
      exposure,
      proxies: { forwardedHeaders: ["10.0.0.7/32"], proxyProtocol: ["10.0.0.4/32", "10.0.0.5/32"] },
    });
    for (const entry of ["web", "websecure", "uploads"]) {
      const prefix = `--entryPoints.${entry}`;
      assert.ok(args.includes(`${prefix}.forwardedHeaders.trustedIPs=10.0.0.7/32`), entry);
      assert.ok(args.includes(`${prefix}.proxyProtocol.trustedIPs=10.0.0.4/32,10.0.0.5/32`), entry);
    }
  });

  it("keeps the client's address if the config says so", async () => {
    const policy = async (exposure: Exposure) =>
      at((await gateway({ exposure })).object("Service", "traefik"), "spec.externalTrafficPolicy");
    assert.equal(await policy(nodePort), "Cluster");
    assert.equal(await policy({ ...balancer, externalTrafficPolicy: "Local" }), "Local");
    assert.equal(await policy({ type: "HostPort", http: 80, https: 443 }), undefined);
  });

  it("warns of a load balancer that hides the clients' addresses", () => {
    const none = { forwardedHeaders: [], proxyProtocol: [] };
    const warned = (exposure: Exposure, proxies: ClientAddressArgs["proxies"] = none) =>
      hiddenClientsWarning({ exposure, proxies });
    assert.match(warned(balancer) ?? "", /see the address of a node instead\. Set platform:/);
    assert.equal(warned({ ...balancer, externalTrafficPolicy: "Local" }), undefined);
    assert.equal(warned(balancer, { ...none, proxyProtocol: ["10.0.0.4/32"] }), undefined);
    assert.equal(warned(nodePort), undefined);
    assert.match(slowUploadsWarning(nodePort, ["registry"]) ?? "", /exposure\.uploads/);
    assert.equal(slowUploadsWarning({ ...nodePort, uploads: 30444 }, ["registry"]), undefined);
    assert.equal(slowUploadsWarning(nodePort, []), undefined);
  });

  it("repeats the warning in the update's own messages", async () => {
    const said: string[] = [];
    mock.method(console, "warn", (text: string) => said.push(text));
    try {
      await gateway({ exposure: balancer }, { uploading: ["registry"] });
    } finally {
      mock.restoreAll();
    }
    assert.equal(said.length, 2);
    assert.match(said[0] ?? "", /address of a node instead/);
    assert.match(said[1] ?? "", /exposure\.uploads/);
  });

  it("shows its address in the Gateway's status", async () => {
    const show = async (address?: string) =>
      (await argumentsOf({ address }))
        .filter((arg) => arg.includes("statusaddress"))
        .map((arg) => arg.replace("--providers.kubernetesgateway.statusaddress.", ""));
    assert.deepEqual(await show(), ["service.name=traefik", "service.namespace=gateway"]);
    assert.deepEqual(await show("10.1.2.3"), ["ip=10.1.2.3"]);
    assert.deepEqual(await show("edge.example.com"), ["hostname=edge.example.com"]);
  });

  it("admits only listed clients to a web UI with a list, or to all with the default list", async () => {
    const clients = {
      forwardedBy: ["10.0.0.7/32"],
      allow: { default: ["10.0.0.0/8"], grafana: ["10.1.0.0/16"] },
    };
    const declared = await declare((provider) => {
      const gatewayAddress = { name: "dev", namespace: "gateway", clients };
      const part = { name: "pages", namespace: "ui", parent: provider };
      for (const name of ["grafana", "kibana"]) {
        const args = { host: `${name}.example.com`, service: name, port: 80 };
        webRoute(part, name, { ...args, gateway: gatewayAddress });
      }
    });
    const list = (name: string) =>
      at(declared.object("Middleware", `${name}-allow-list`), "spec.ipAllowList");
    assert.deepEqual(list("grafana"), {
      sourceRange: ["10.1.0.0/16"],
      ipStrategy: { excludedIPs: ["10.0.0.7/32"] },
    });
    assert.deepEqual(at(list("kibana") as object, "sourceRange"), ["10.0.0.0/8"]);
    for (const { kind, metadata } of declared.objects) {
      assert.equal(metadata.labels?.["app.kubernetes.io/part-of"], "pages", kind);
    }
    const rules = at(declared.object("HTTPRoute", "grafana"), "spec.rules") as object[];
    for (const rule of rules) {
      assert.deepEqual(at(rule, "filters"), [
        {
          type: "ExtensionRef",
          extensionRef: { group: "traefik.io", kind: "Middleware", name: "grafana-allow-list" },
        },
      ]);
    }
  });
});

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { listeners } from "../../../components/gateway/listeners";
import { entryPointPorts, traefikArguments } from "../../../components/gateway/traefik-arguments";
import { shop as declaredShop } from "../../support/shop";
import { untilEqual } from "../../support/until";
import { ask, TraefikProcess } from "../support/traefik";
import { host, type ReleasedShop } from "./shop";

/** Hosts that this test's objects serve at the Service of the app `shop`, by whose certificate is used. */
const hosts = {
  own: "own.ingress.test",
  gateway: "plain.ingress.test",
  route: "route.ingress.test",
};
const path = "/plain";

/** A key and a self-signed certificate of a host. */
interface Certificate {
  key: string;
  certificate: string;
}

function certificateOf(served: string[], folder: string): Certificate {
  const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
  const names = served.map((name) => `DNS:${name}`).join(",");
  execFileSync(
    "openssl",
    [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
      ...["-keyout", key, "-out", certificate, "-days", "1", "-subj", `/CN=${served[0]}`],
      ...["-addext", `subjectAltName=${names}`],
    ],
    { stdio: "pipe" },
  );
  return { key: readFileSync(key, "utf8"), certificate: readFileSync(certificate, "utf8") };
}

function secret(namespace: string, name: string, { key, certificate }: Certificate): object {
  return {
    apiVersion: "v1",
    kind: "Secret",
    type: "kubernetes.io/tls",
    metadata: { namespace, name },
    stringData: { "tls.key": key, "tls.crt": certificate },
  };
}

/** Returns an object under another name, so that it is not the one of the stack. */
function named<T extends { metadata: object }>(object: T, name: string): T {
  return { ...object, metadata: { ...object.metadata, name } };
}

/** Declares the tests of a plain Ingress at gateways with HTTPS: one redirects HTTP, and the other one serves it. */
export function servesIngresses(current: () => ReleasedShop): void {
  describe("at gateways with HTTPS", () => {
    const addresses = { redirecting: "10.0.200.1", serving: "10.0.200.2" };
    const traefiks: TraefikProcess[] = [];
    const certificates: Record<string, string> = {};
    let shop: ReleasedShop;
    let file: string;

    before(async () => {
      shop = current();
      const { folder } = shop.stack;
      file = join(folder, "ingresses.json");
      const [own, common] = [
        certificateOf([hosts.own], folder),
        certificateOf([hosts.gateway, hosts.route], folder),
      ];
      certificates[hosts.own] = own.certificate;
      certificates[hosts.gateway] = certificates[hosts.route] = common.certificate;
      const ingress = async (domain: string, tlsSecret?: string) => {
        const settings = { className: "traefik", ...(tlsSecret && { tlsSecret }) };
        const declared = await declaredShop({ domain, paths: [path], ingress: settings });
        return named(declared.object("Ingress", "shop"), domain);
      };
      const address = { name: "https", namespace: "gateway" };
      const routed = await declaredShop({ domain: hosts.route, paths: [path], gateway: address });
      const items = [
        secret("commerce-dev", "own", own),
        secret("gateway", "common", common),
        {
          apiVersion: "gateway.networking.k8s.io/v1",
          kind: "Gateway",
          metadata: address,
          spec: {
            gatewayClassName: "traefik",
            listeners: listeners("dev", { secret: "common", redirect: false }),
          },
        },
        named(routed.object("HTTPRoute", "shop"), "routed"),
        await ingress(hosts.own, "own"),
        await ingress(hosts.gateway),
      ];
      writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
      await shop.stack.kubectl("apply", "-f", file);
      for (const [kind, address] of Object.entries(addresses)) {
        const traefik = new TraefikProcess(address, join(folder, kind));
        traefiks.push(traefik);
        const args = traefikArguments({
          tls: true,
          redirectPort: kind === "redirecting" ? 443 : undefined,
          publishedService: "gateway/traefik",
          uploads: true,
          timeouts: { read: 60, idle: 180 },
          proxies: { forwardedHeaders: [], proxyProtocol: [] },
          middlewares: true,
        });
        const KUBECONFIG = shop.containers.gatewayKubeconfig;
        await traefik.start(args, undefined, { KUBECONFIG });
      }
    });
    after(async () => {
      for (const traefik of traefiks) await traefik.stop();
      await shop.stack.kubectl("delete", "--wait=false", "-f", file);
    });

    /** Sends a request over HTTPS, and accepts only the certificate of the host. */
    function askSecurely(address: string, name: string, at = path): Promise<string> {
      return new Promise((resolve) => {
        const sent = request(
          {
            ...{ host: address, port: entryPointPorts.websecure, path: at, timeout: 5000 },
            ...{ servername: name, ca: certificates[name], headers: { host: name } },
          },
          (response) => {
            response.resume();
            resolve(String(response.statusCode));
          },
        );
        sent.on("timeout", () => sent.destroy());
        sent.on("error", (error) => resolve(error.message));
        sent.end();
      });
    }

    for (const [kind, address] of Object.entries(addresses)) {
      for (const [entrance, name] of [
        ["an Ingress with its own certificate", hosts.own],
        ["an Ingress", hosts.gateway],
        ["a route", hosts.route],
      ] as const) {
        it(`${entrance} is served over HTTPS, and HTTP is ${kind === "serving" ? "served" : "redirected"}`, async () => {
          await untilEqual(60, () => askSecurely(address, name), "200", 50);
          const plain = await ask(address, entryPointPorts.web, { host: name, path });
          assert.match(plain, kind === "serving" ? /^200 / : /^301 /);
          assert.equal(await askSecurely(address, name, `${path}/below`), "200");
          assert.equal(await askSecurely(address, name, `${path}er`), "404");
        });
      }
    }

    it("another route is served over HTTP as before, at its own listener", async () => {
      const plain = (address: string) =>
        ask(address, entryPointPorts.web, { host, from: "10.0.0.1" });
      assert.match(await plain(addresses.serving), /^200 /);
      assert.match(await plain(addresses.redirecting), /^301 /);
      shop.noneFailed();
    });
  });
}

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Exposure } from "../../../../components/gateway/services";
import { at, type Declared } from "../../../support/declare";
import { gateway, type Config } from "./declared";

interface Listener {
  name: string;
  port: number;
}

describe("Gateway", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "gateway-test-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("listens on ports that are entry points of Traefik", async () => {
    const declared = await gateway({ tls: { secret: "wildcard", redirect: false } });
    const listeners = at(declared.object("Gateway", "dev"), "spec.listeners") as Listener[];
    const [container] = at(
      declared.object("Deployment", "traefik"),
      "spec.template.spec.containers",
    ) as { args: string[]; ports: { containerPort: number }[] }[];
    for (const { name, port } of listeners) {
      assert.ok(container?.args.includes(`--entryPoints.${name}.address=:${port}/tcp`));
      assert.ok(container?.ports.some(({ containerPort }) => containerPort === port));
    }
  });

  it("serves HTTPS only with a certificate", async () => {
    const names = async (config: Config) =>
      (at((await gateway(config)).object("Gateway", "dev"), "spec.listeners") as Listener[]).map(
        ({ name }) => name,
      );
    assert.deepEqual(await names({}), ["web"]);
    assert.deepEqual(await names({ tls: { secret: "wildcard", redirect: false } }), [
      "web",
      "websecure",
    ]);
  });

  it("admits routes of its own environment's namespaces only", async () => {
    const [listener] = at((await gateway()).object("Gateway", "dev"), "spec.listeners") as object[];
    assert.deepEqual(at(listener ?? {}, "allowedRoutes.namespaces"), {
      from: "Selector",
      selector: { matchLabels: { "platform/environment": "dev" } },
    });
  });

  it("is exposed by fixed node ports or by a load balancer", async () => {
    const ports = async (config: Config) => {
      const service = (await gateway(config)).object("Service", "traefik");
      const list = at(service, "spec.ports") as { nodePort?: number }[];
      return [at(service, "spec.type"), ...list.map(({ nodePort }) => nodePort)];
    };
    assert.deepEqual(await ports({}), ["NodePort", 30080, 30443]);
    const loadBalancer: Exposure = {
      type: "LoadBalancer",
      annotations: {},
      externalTrafficPolicy: "Local",
    };
    assert.deepEqual(await ports({ exposure: loadBalancer }), [
      "LoadBalancer",
      undefined,
      undefined,
    ]);
  });

  const tls = { secret: "wildcard", redirect: true };

  function traefikOf(declared: Declared): { args: string[]; ports: { hostPort?: number }[] } {
    const [container] = at(
      declared.object("Deployment", "traefik"),
      "spec.template.spec.containers",
    ) as { args: string[]; ports: { hostPort?: number }[] }[];
    assert.ok(container);
    return container;
  }

  it("redirects HTTP to HTTPS only if HTTPS is served and the redirect is configured", async () => {
    const redirects = async (config: Config) =>
      traefikOf(await gateway(config)).args.some((arg) => arg.includes("redirections"));
    assert.equal(await redirects({}), false);
    assert.equal(await redirects({ tls }), true);
    assert.equal(await redirects({ tls: { ...tls, redirect: false } }), false);
  });

  it("serves an Ingress over HTTPS if HTTPS is served, and only at that entry point", async () => {
    const withTls = async (config: Config) =>
      traefikOf(await gateway(config)).args.filter((arg) => arg.includes(".http.tls"));
    assert.deepEqual(await withTls({}), []);
    for (const redirect of [true, false]) {
      assert.deepEqual(await withTls({ tls: { ...tls, redirect } }), [
        "--entryPoints.websecure.http.tls=true",
      ]);
    }
  });

  it("reads a certificate of another namespace with a grant for that Secret alone", async () => {
    assert.deepEqual((await gateway({ tls })).names("ReferenceGrant"), []);
    const declared = await gateway({ tls: { ...tls, namespace: "certificates" } });
    const grant = declared.object("ReferenceGrant", "gateway-certificate");
    assert.equal(grant.metadata.namespace, "certificates");
    assert.deepEqual(at(grant, "spec.to"), [{ group: "", kind: "Secret", name: "wildcard" }]);
  });

  it("lets cert-manager create the certificate for the listener's host name", async () => {
    const issuer = { kind: "ClusterIssuer" as const, name: "letsencrypt" };
    const hostname = "*.platform.test";
    const object = (await gateway({ tls: { ...tls, issuer, hostname } })).object("Gateway", "dev");
    assert.deepEqual(at(object, "metadata.annotations"), {
      "cert-manager.io/cluster-issuer": "letsencrypt",
    });
    const [, secure] = at(object, "spec.listeners") as { hostname?: string }[];
    assert.equal(secure?.hostname, hostname);
  });

  it("uses host ports: one pod per node, in a privileged namespace", async () => {
    const declared = await gateway({ exposure: { type: "HostPort", http: 80, https: 443 } });
    const ports = traefikOf(declared).ports.map(({ hostPort }) => hostPort);
    assert.deepEqual(ports.slice(0, 2), [80, 443]);
    const deployment = declared.object("Deployment", "traefik");
    assert.ok(
      at(
        deployment,
        "spec.template.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution",
      ),
    );
    assert.deepEqual(at(deployment, "spec.strategy.rollingUpdate"), {
      maxUnavailable: 1,
      maxSurge: 0,
    });
    assert.equal(at(declared.object("Service", "traefik"), "spec.type"), "ClusterIP");
    const labels = at(declared.object("Namespace", "gateway"), "metadata.labels") as object;
    assert.equal(
      new Map(Object.entries(labels)).get("pod-security.kubernetes.io/enforce"),
      "privileged",
    );
  });

  it("serves plain Ingress objects of its own class, and shows no dashboard", async () => {
    const declared = await gateway();
    assert.deepEqual(declared.names("IngressClass"), ["traefik"]);
    const { args } = traefikOf(declared);
    assert.ok(args.includes("--providers.kubernetesingress.ingressclass=traefik"));
    assert.ok(args.includes("--providers.kubernetesingress.strictPrefixMatching=true"));
    assert.ok(!args.some((arg) => arg.startsWith("--api")));
  });

  it("installs the definitions of a pinned file before Traefik", async () => {
    const file = join(folder, "crds.yaml");
    const text =
      "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: things.example.com\nspec: {}\n";
    writeFileSync(file, text);
    const sha256 = createHash("sha256").update(text).digest("hex");
    const { registrations } = await gateway({ crds: { file, sha256 } });
    const definition = registrations.find(({ name }) => name === "things.example.com");
    const traefik = registrations.find(
      ({ type, name }) => type.endsWith(":Deployment") && name === "traefik",
    );
    assert.ok(definition);
    assert.ok(traefik?.dependencies.includes(definition.urn), "Traefik does not wait for it");
  });

  it("accepts the definitions as a JSON list, and refuses anything else", async () => {
    const write = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return { file: join(folder, name), sha256: createHash("sha256").update(text).digest("hex") };
    };
    const items = ["one", "two"].map((name) => ({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: `${name}.example.com` },
      spec: {},
    }));
    const crds = write("crds.json", JSON.stringify({ apiVersion: "v1", kind: "List", items }));
    const { registrations } = await gateway({ crds });
    const declared = registrations.filter(({ type }) => type.endsWith(":CustomResourceDefinition"));
    assert.deepEqual(
      declared.map(({ name }) => name),
      ["one.example.com", "two.example.com"],
    );
    await assert.rejects(
      gateway({ crds: write("half.json", '{"items": [') }),
      /half\.json: expected JSON, got a parse error/,
    );
    for (const other of ["no object", "kind: Secret\nmetadata: { name: a }", "items: [1]"]) {
      const given = gateway({ crds: write("mixed.yaml", other) });
      await assert.rejects(given, /expected only custom resource definitions, got other objects/);
    }
  });

  it("refuses a file that is missing or not the pinned one", async () => {
    const file = join(folder, "other.yaml");
    const sha256 = "0".repeat(64);
    await assert.rejects(
      gateway({ crds: { file, sha256 } }),
      /other\.yaml: expected a file of custom resource definitions, got no such file; correct its path, from the/,
    );
    await assert.rejects(
      gateway({ crds: { file: ".local/crds/none.json", sha256 } }),
      /got no such file; run "npx platform crds", which fetches those of the versions/,
    );
    writeFileSync(file, "changed");
    await assert.rejects(
      gateway({ crds: { file: `${file}/`, sha256 } }),
      /got no such file; correct/,
    );
    writeFileSync(file, "changed");
    await assert.rejects(
      gateway({ crds: { file, sha256 } }),
      /expected the checksum 0{64}, which the stack's config pins, got [0-9a-f]{64}/,
    );
  });
});

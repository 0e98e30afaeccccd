import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Gateway, type GatewayArgs } from "../../../components/gateway";
import { at, declare, type Declared } from "../../support/declare";

function gateway(args: Partial<GatewayArgs> = {}): Promise<Declared> {
  return declare((provider) => {
    new Gateway(
      "gateway",
      {
        environment: "dev",
        replicas: 2,
        exposure: { type: "NodePort", http: 30080, https: 30443 },
        ...args,
      },
      { provider },
    );
  });
}

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
    const declared = await gateway({ tlsSecret: "wildcard" });
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
    const names = async (args: Partial<GatewayArgs>) =>
      (at((await gateway(args)).object("Gateway", "dev"), "spec.listeners") as Listener[]).map(
        ({ name }) => name,
      );
    assert.deepEqual(await names({}), ["web"]);
    assert.deepEqual(await names({ tlsSecret: "wildcard" }), ["web", "websecure"]);
  });

  it("admits routes of its own environment's namespaces only", async () => {
    const [listener] = at((await gateway()).object("Gateway", "dev"), "spec.listeners") as object[];
    assert.deepEqual(at(listener ?? {}, "allowedRoutes.namespaces"), {
      from: "Selector",
      selector: { matchLabels: { "platform/environment": "dev" } },
    });
  });

  it("is exposed by fixed node ports or by a load balancer", async () => {
    const ports = async (args: Partial<GatewayArgs>) => {
      const service = (await gateway(args)).object("Service", "traefik");
      const list = at(service, "spec.ports") as { nodePort?: number }[];
      return [at(service, "spec.type"), ...list.map(({ nodePort }) => nodePort)];
    };
    assert.deepEqual(await ports({}), ["NodePort", 30080, 30443]);
    const loadBalancer = { type: "LoadBalancer" as const, annotations: {} };
    assert.deepEqual(await ports({ exposure: loadBalancer }), [
      "LoadBalancer",
      undefined,
      undefined,
    ]);
  });

  it("takes its image from the mirror", async () => {
    const declared = await gateway({ imageMirror: "mirror.platform.test/cache" });
    const [container] = at(
      declared.object("Deployment", "traefik"),
      "spec.template.spec.containers",
    ) as { image: string }[];
    assert.match(container?.image ?? "", /^mirror\.platform\.test\/cache\/library\/traefik:v3\./);
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

  it("refuses a file that is missing, or not the pinned one", async () => {
    const file = join(folder, "other.yaml");
    const sha256 = "0".repeat(64);
    await assert.rejects(
      gateway({ crds: { file, sha256 } }),
      /other\.yaml of custom resource definitions is missing; run "npm run crds"/,
    );
    writeFileSync(file, "changed");
    await assert.rejects(
      gateway({ crds: { file, sha256 } }),
      /has the checksum [0-9a-f]{64}, the stack's config pins 0{64}/,
    );
  });
});

import assert from "node:assert/strict";
import { mock } from "node:test";
import { Artifacts, type ArtifactsArgs } from "../../../../components/artifacts";
import { javaOptions, nexusResources } from "../../../../components/artifacts/sizing";
import { parseStack, type ArtifactsConfig } from "../../../../config";
import { at, declare, type Declared } from "../../../support/declare";
import { leakedSecrets } from "../../../support/secrets";
import { workloads } from "../../../support/workloads";

function config(changed: object = {}): ArtifactsConfig {
  const { components } = parseStack("test", {
    environment: "dev",
    domain: "platform.test",
    cluster: { kubeconfig: "none", context: "none" },
    components: {
      artifacts: { repositories: { files: { format: "raw", type: "hosted" } }, ...changed },
    },
  });
  assert.ok(components.artifacts);
  return components.artifacts;
}

async function artifacts(
  changed: object = {},
  args: Partial<ArtifactsArgs> = {},
): Promise<Declared & { made: Artifacts }> {
  const made: Artifacts[] = [];
  const declared = await declare((provider) => {
    made.push(
      new Artifacts(
        "artifacts",
        {
          context: { environment: "dev" },
          domain: "platform.test",
          scheme: "http",
          gateway: { name: "dev", namespace: "gateway" },
          config: config(changed),
          ...args,
        },
        { provider },
      ),
    );
  });
  const [first] = made;
  assert.ok(first);
  return { ...declared, made: first };
}

describe("the packages of builds", () => {
  it("come from the repositories, once Nexus may answer", async () => {
    const { made } = await artifacts({ acceptEula: true });
    const { repositories } = config();
    assert.deepEqual(made.packages, {
      url: "http://nexus.platform.test",
      repositories,
      login: made.ci,
    });
    mock.method(console, "warn", () => undefined);
    const { made: silent } = await artifacts();
    mock.restoreAll();
    assert.equal(silent.packages, undefined);
  });
});

describe("the license of Nexus", () => {
  let warnings: string[];
  beforeEach(() => {
    warnings = [];
    mock.method(console, "warn", (text: string) => warnings.push(text));
  });
  afterEach(() => mock.restoreAll());

  it("causes a warning until it is accepted, which says what does not work", async () => {
    await artifacts();
    assert.deepEqual(
      warnings.filter((text) => text.includes("acceptEula")).length,
      1,
      warnings.join("\n"),
    );
    assert.match(warnings.join("\n"), /answers every request for a package with 403/);
    warnings = [];
    await artifacts({ acceptEula: true });
    assert.deepEqual(warnings, []);
  });
});

function nexusPod({ objects }: Declared) {
  const found = workloads(objects).find(({ object }) => object.kind === "StatefulSet");
  assert.ok(found);
  return found.pod;
}

function variables(declared: Declared): Record<string, string> {
  return Object.fromEntries(
    (nexusPod(declared).containers[0]?.env ?? []).map(({ name, value, valueFrom }) => [
      name,
      value ?? `${valueFrom?.secretKeyRef?.name}/${valueFrom?.secretKeyRef?.key}`,
    ]),
  );
}

describe("Artifacts", () => {
  it("declares one Nexus with a volume, a route and a bootstrap Job", async () => {
    const declared = await artifacts();
    const kinds = declared.objects.map(({ kind }) => kind).sort();
    assert.deepEqual(kinds, [
      "ConfigMap",
      "HTTPRoute",
      "Job",
      "Namespace",
      "NetworkPolicy",
      "NetworkPolicy",
      "NetworkPolicy",
      "Secret",
      "Secret",
      "Service",
      "StatefulSet",
    ]);
    const server = declared.object("StatefulSet", "nexus");
    assert.equal(at(server, "spec.replicas"), 1);
    const [claim] = at(server, "spec.volumeClaimTemplates") as object[];
    assert.equal(at(claim ?? {}, "spec.resources.requests.storage"), "50Gi");
    assert.deepEqual(at(claim ?? {}, "spec.accessModes"), ["ReadWriteOnce"]);
  });

  it("keeps its data in a file by default, without mentioning another database", async () => {
    const names = Object.keys(variables(await artifacts()));
    assert.deepEqual(
      names.filter((name) => name.startsWith("NEXUS_DATASTORE")),
      [],
    );
  });

  it("keeps its data in PostgreSQL, whose password is in no JVM argument", async () => {
    const database = { type: "postgresql", host: "postgres.platform.test", secret: "nexus-pg" };
    const found = variables(await artifacts({ database }));
    assert.equal(
      found["NEXUS_DATASTORE_NEXUS_JDBCURL"],
      "jdbc:postgresql://postgres.platform.test:5432/nexus?sslmode=require",
    );
    assert.equal(found["NEXUS_DATASTORE_NEXUS_USERNAME"], "nexus-pg/username");
    assert.equal(found["NEXUS_DATASTORE_NEXUS_PASSWORD"], "nexus-pg/password");
    assert.doesNotMatch(found["INSTALL4J_ADD_VM_PARAMS"] ?? "", /password|jdbc/i);
  });

  it("starts with a password that only the bootstrap script still needs", async () => {
    const declared = await artifacts();
    const found = variables(declared);
    assert.equal(found["NEXUS_SECURITY_RANDOMPASSWORD"], "false");
    assert.equal(found["NEXUS_SECURITY_INITIAL_PASSWORD"], "nexus-server/initial-password");
    const data = (name: string) =>
      declared.object("Secret", name)["stringData"] as Record<string, string>;
    assert.notEqual(data("nexus-server")["initial-password"], data("nexus-admin")["password"]);
    assert.deepEqual(JSON.parse(data("nexus-server")["keys.json"] ?? ""), {
      active: "platform",
      keys: [{ id: "platform", key: "random-nexus-encryption-key" }],
    });
  });

  it("keeps every secret in Secrets", async () => {
    const { objects } = await artifacts();
    assert.deepEqual(
      leakedSecrets(objects, (text) => text.includes("random-nexus")),
      [],
    );
  });

  it("accepts the license only if the config says so", async () => {
    const accepted = async (changed: object) => {
      const declared = await artifacts(changed);
      const files = declared.objects.find(({ kind }) => kind === "ConfigMap");
      const text = (files?.["data"] as Record<string, string>)["settings.json"] ?? "";
      return (JSON.parse(text) as { acceptEula: boolean }).acceptEula;
    };
    assert.equal(await accepted({}), false);
    assert.equal(await accepted({ acceptEula: true }), true);
  });

  it("is reached at its host, without a time limit", async () => {
    const declared = await artifacts();
    const route = declared.object("HTTPRoute", "nexus");
    assert.deepEqual(at(route, "spec.hostnames"), ["nexus.platform.test"]);
    const [rule] = at(route, "spec.rules") as { timeouts: object }[];
    assert.deepEqual(rule?.timeouts, { request: "0s" });
    assert.equal(declared.made.host, "nexus.platform.test");
    const other = await artifacts({ host: "store.example.com" });
    assert.equal(other.made.host, "store.example.com");
  });

  it("configures Nexus after it has started", async () => {
    const { registrations } = await artifacts();
    const job = registrations.find(({ type }) => type.endsWith(":Job"));
    assert.ok(job?.dependencies.some((urn) => urn.endsWith("StatefulSet::nexus")));
  });
});

describe("sizes of Nexus", () => {
  const sizes: [heap: string, mebibytes: number, memory: string][] = [
    ["2703Mi", 2703, "6430Mi"],
    ["4Gi", 4096, "9216Mi"],
    ["1048576Ki", 1024, "3072Mi"],
    ["1049000Ki", 1024, "3072Mi"],
  ];
  for (const [heap, whole, memory] of sizes) {
    it(`of a heap of ${heap}`, () => {
      assert.match(
        javaOptions(heap),
        new RegExp(`^-Xms${whole}m -Xmx${whole}m -XX:MaxDirectMemorySize=${whole}m `),
      );
      assert.equal(nexusResources(heap).requests.memory, memory);
      assert.equal(nexusResources(heap).limits.memory, memory);
    });
  }
});

import assert from "node:assert/strict";
import { type RegistryArgs } from "../../../../components/registry";
import { dockerConfig } from "../../../../components/registry/pull-secrets";
import { at } from "../../../support/declare";
import { leakedSecrets } from "../../../support/secrets";
import { workloads } from "../../../support/workloads";
import { registry, podOf, env } from "./declared";

describe("Registry: passwords, certificates and pull secrets", () => {
  it("generates its own passwords, of the lengths that Harbor requires", async () => {
    const { registrations } = await registry();
    const lengths = Object.fromEntries(
      registrations
        .filter(({ type }) => type === "random:index/randomPassword:RandomPassword")
        .map(({ name, inputs }) => [name, inputs["length"]]),
    );
    assert.deepEqual(lengths, {
      "harbor-secret-key": 16,
      "harbor-csrf-key": 32,
      "harbor-token-seed": 64,
      "harbor-core-secret": 16,
      "harbor-jobservice-secret": 16,
      "harbor-registry-http-secret": 16,
      "harbor-registry-password": 32,
      "harbor-admin-password": 24,
      "harbor-database-password": 32,
      "harbor-redis-password": 32,
      "harbor-robot-ci": 32,
      "harbor-robot-pull-commerce": 32,
      "harbor-robot-pull-content": 32,
    });
    assert.doesNotMatch(
      JSON.stringify(registrations.map(({ inputs }) => inputs)),
      /Harbor12345|changeit|"harbor_registry_password"/,
    );
  });

  it("keeps every secret in Secrets", async () => {
    const { objects } = await registry();
    const isSecret = (text: string) => /(random|bcrypt)-harbor|PRIVATE KEY/.test(text);
    assert.deepEqual(leakedSecrets(objects, isSecret), []);
    const secrets = objects.filter(({ kind }) => kind === "Secret");
    assert.ok(
      secrets.some((secret) => isSecret(JSON.stringify(secret))),
      "the search finds none",
    );
  });

  it("checks the registry's password against the hash of the same password", async () => {
    const internal = (await registry()).object("Secret", "harbor-internal");
    const data = internal["stringData"] as Record<string, string>;
    assert.equal(data["registry-password"], "random-harbor-registry-password");
    assert.equal(data["passwd"], "harbor_registry_user:bcrypt-harbor-registry-password\n");
  });

  it("gives addresses of Redis with the password from an earlier variable", async () => {
    const declared = await registry();
    const uses: [string, string, number][] = [
      ["harbor-core", "_REDIS_URL_CORE", 0],
      ["harbor-core", "_REDIS_URL_REG", 2],
      ["harbor-jobservice", "JOB_SERVICE_POOL_REDIS_URL", 1],
      ["harbor-trivy", "SCANNER_REDIS_URL", 5],
      ["harbor-exporter", "HARBOR_REDIS_URL", 1],
    ];
    for (const [workload, variable, database] of uses) {
      const names = Object.keys(env(declared, workload));
      assert.ok(names.indexOf("REDIS_PASSWORD") < names.indexOf(variable), workload);
      assert.equal(
        env(declared, workload)[variable],
        `redis://:$(REDIS_PASSWORD)@harbor-redis:6379/${database}?idle_timeout_seconds=30`,
      );
    }
  });

  it("sends clients for their tokens to the same address that they use", async () => {
    const core = async (args: Partial<RegistryArgs>, changed?: object) =>
      env(await registry(changed, args), "harbor-core")["EXT_ENDPOINT"];
    assert.equal(await core({}), "https://harbor.platform.test");
    assert.equal(await core({ scheme: "http" }), "http://harbor.platform.test");
    assert.equal(await core({}, { host: "images.example.com" }), "https://images.example.com");
  });

  it("trusts the company's certificates in every container whose start script supports them", async () => {
    const declared = await registry({ caBundle: "company-ca" });
    const trusting = workloads(declared.objects)
      .flatMap(({ pod }) => pod.containers)
      .filter(({ volumeMounts }) =>
        volumeMounts?.some(({ mountPath }) => mountPath === "/harbor_cust_cert"),
      )
      .map(({ name }) => name);
    assert.deepEqual(trusting.sort(), [
      ...["core", "exporter", "jobservice", "registry", "registryctl", "trivy"],
    ]);
    for (const name of ["harbor-core", "harbor-trivy"]) {
      const volume = podOf(declared, name).volumes?.find((one) => one.name === "certificates");
      assert.equal(volume?.secret?.secretName, "company-ca");
    }
    assert.doesNotMatch(JSON.stringify((await registry()).objects), /harbor_cust_cert/);
  });

  it("downloads the scanner's databases from the mirror, and connects to no other host", async () => {
    const variables = async (scanner: object) =>
      Object.entries(env(await registry({ scanner }), "harbor-trivy")).filter(([name]) =>
        /_(DB_REPOSITORY|OFFLINE_SCAN)$/.test(name),
      );
    assert.deepEqual(await variables({}), []);
    const database = "mirror.test/trivy-db:2";
    const javaDatabase = "mirror.test/trivy-java-db:1";
    assert.deepEqual(await variables({ database, javaDatabase, offline: true }), [
      ["SCANNER_TRIVY_DB_REPOSITORY", database],
      ["SCANNER_TRIVY_JAVA_DB_REPOSITORY", javaDatabase],
      ["SCANNER_TRIVY_OFFLINE_SCAN", "true"],
    ]);
  });

  it("gives each team's namespace a pull Secret of that team's own account", async () => {
    const declared = await registry();
    const { made } = declared;
    assert.deepEqual(made.pullSecrets, {
      commerce: "registry-pull-commerce",
      content: "registry-pull-content",
    });
    const secret = declared.object("Secret", "registry-pull-commerce");
    assert.equal(secret["type"], "kubernetes.io/dockerconfigjson");
    assert.equal(secret.metadata.namespace, "commerce-dev");
    assert.equal(
      at(secret, "stringData")?.[".dockerconfigjson" as never],
      dockerConfig(
        "harbor.platform.test",
        "robot$pull-commerce",
        "random-harbor-robot-pull-commerce",
      ),
    );
    assert.equal(made.address, "harbor.platform.test");
    assert.equal(made.ci.username, "robot$ci");
  });

  it("mounts into the bootstrap script every secret that its settings need", async () => {
    const declared = await registry();
    const [job] = declared.names("Job");
    const sources = podOf(declared, job ?? "").volumes?.find(({ name }) => name === "secrets");
    assert.deepEqual(
      sources?.projected?.sources?.map(({ secret }) => secret?.items?.[0]?.path),
      ["admin-password", "robot-ci", "robot-pull-commerce", "robot-pull-content"],
    );
  });

  it("declares only pull Secrets for an external registry", async () => {
    const credentials = { username: "puller", password: "from-config" };
    const declared = await registry(
      {},
      { config: { external: { address: "images.example.com:5000", credentials } } },
    );
    assert.deepEqual(
      declared.objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
      ["Secret registry-pull-commerce", "Secret registry-pull-content"],
    );
    assert.deepEqual(
      JSON.parse(
        String(
          (
            declared.object("Secret", "registry-pull-content")["stringData"] as Record<
              string,
              string
            >
          )[".dockerconfigjson"],
        ),
      ),
      {
        auths: {
          "images.example.com:5000": {
            ...credentials,
            auth: Buffer.from("puller:from-config").toString("base64"),
          },
        },
      },
    );
    assert.equal(declared.made.address, "images.example.com:5000");
  });
});

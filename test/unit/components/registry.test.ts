import assert from "node:assert/strict";
import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { parse } from "yaml";
import { Registry, type RegistryArgs } from "../../../components/registry";
import {
  jobServiceConfig,
  portalConfig,
  registryConfig,
} from "../../../components/registry/config-files";
import { dockerConfig } from "../../../components/registry/pull-secrets";
import { rsaPrivateKey } from "../../../components/registry/token-key";
import { parseStack, type HarborConfig } from "../../../config";
import { at, declare, type Declared } from "../../support/declare";
import { leakedSecrets } from "../../support/secrets";
import { workloads, type PodSpec } from "../../support/workloads";

/** Returns Harbor's config as in a stack's file. */
function config(changed: object = {}): HarborConfig {
  const { components } = parseStack("test", {
    environment: "dev",
    domain: "platform.test",
    cluster: { kubeconfig: "none", context: "none" },
    components: { registry: changed },
  });
  assert.ok(components.registry !== undefined && components.registry.external === undefined);
  return components.registry;
}

function registry(
  changed: object = {},
  args: Partial<RegistryArgs> = {},
): Promise<Declared & { made: Registry }> {
  const made: Registry[] = [];
  return declare((provider) => {
    made.push(
      new Registry(
        "registry",
        {
          context: { environment: "dev" },
          domain: "platform.test",
          scheme: "https",
          gateway: { name: "dev", namespace: "gateway" },
          teams: {
            commerce: { namespace: "commerce-dev", domains: ["shop.platform.test"] },
            content: { namespace: "content-dev", domains: [] },
          },
          registry: config(changed),
          ...args,
        },
        { provider },
      ),
    );
  }).then((declared) => {
    const [first] = made;
    assert.ok(first);
    return { ...declared, made: first };
  });
}

const highlyAvailable = {
  replicas: 3,
  storage: {
    type: "s3",
    bucket: "harbor",
    region: "eu-1",
    endpoint: "https://s3.platform.test",
    secret: "harbor-s3",
  },
  database: { type: "external", host: "postgres.platform.test", secret: "harbor-postgres" },
  redis: { type: "external", host: "redis.platform.test", secret: "harbor-cache" },
};

function podOf(declared: Declared, name: string): PodSpec {
  const found = workloads(declared.objects).find(({ object }) => object.metadata.name === name);
  assert.ok(found, `there is no workload ${name}`);
  return found.pod;
}

function env(declared: Declared, name: string, container = 0): Record<string, unknown> {
  return Object.fromEntries(
    (podOf(declared, name).containers[container]?.env ?? []).map((entry) => [
      entry.name,
      entry.value ?? `${entry.valueFrom?.secretKeyRef?.name}/${entry.valueFrom?.secretKeyRef?.key}`,
    ]),
  );
}

describe("Registry", () => {
  it("declares every part of Harbor", async () => {
    const declared = await registry();
    assert.deepEqual(declared.names("Deployment"), [
      "harbor-core",
      "harbor-exporter",
      "harbor-jobservice",
      "harbor-portal",
      "harbor-registry",
    ]);
    assert.deepEqual(declared.names("StatefulSet"), [
      "harbor-database",
      "harbor-redis",
      "harbor-trivy",
    ]);
    assert.deepEqual(declared.names("PersistentVolumeClaim"), ["harbor-registry"]);
    assert.deepEqual(declared.names("PodDisruptionBudget"), []);
    assert.equal(declared.names("Job").length, 1);
  });

  it("uses databases and storage of others without declaring any", async () => {
    const declared = await registry(highlyAvailable);
    assert.deepEqual(declared.names("StatefulSet"), ["harbor-trivy"]);
    assert.deepEqual(declared.names("PersistentVolumeClaim"), []);
    assert.ok(!declared.names("Secret").includes("harbor-database"));
    assert.deepEqual(declared.names("PodDisruptionBudget"), [
      "harbor-core",
      "harbor-jobservice",
      "harbor-portal",
      "harbor-registry",
      "harbor-trivy",
    ]);
    const core = env(declared, "harbor-core");
    assert.equal(core["POSTGRESQL_HOST"], "postgres.platform.test");
    assert.equal(core["POSTGRESQL_SSLMODE"], "require");
    assert.equal(core["POSTGRESQL_USERNAME"], "harbor-postgres/username");
    assert.equal(core["POSTGRESQL_PASSWORD"], "harbor-postgres/password");
    assert.equal(core["REDIS_PASSWORD"], "harbor-cache/password");
    assert.equal(core["POSTGRESQL_MAX_OPEN_CONNS"], "300");
    assert.equal(core["REGISTRY_STORAGE_PROVIDER_NAME"], "s3");
    for (const container of [0, 1]) {
      const layers = env(declared, "harbor-registry", container);
      assert.equal(layers["REGISTRY_STORAGE_S3_ACCESSKEY"], "harbor-s3/accessKey");
      assert.equal(layers["REGISTRY_STORAGE_S3_SECRETKEY"], "harbor-s3/secretKey");
    }
  });

  const strategies: [string, object, string, string][] = [
    ["a volume of one machine", {}, "Recreate", "ReadWriteOnce"],
    [
      "a shared volume",
      { replicas: 2, storage: { type: "volume", shared: true } },
      "RollingUpdate",
      "ReadWriteMany",
    ],
  ];
  for (const [what, changed, type, mode] of strategies) {
    it(`replaces the pods of ${what} by ${type}`, async () => {
      const declared = await registry(changed);
      const layers = declared.object("Deployment", "harbor-registry");
      assert.equal(at(layers, "spec.strategy.type"), type);
      const claim = declared.object("PersistentVolumeClaim", "harbor-registry");
      assert.deepEqual(at(claim, "spec.accessModes"), [mode]);
      const core = declared.object("Deployment", "harbor-core");
      assert.equal(at(core, "spec.strategy.type"), "RollingUpdate");
    });
  }

  it("makes its own passwords, of the lengths that Harbor wants", async () => {
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

  it("checks the registry's password against the hash of the very same one", async () => {
    const internal = (await registry()).object("Secret", "harbor-internal");
    const data = internal["stringData"] as Record<string, string>;
    assert.equal(data["registry-password"], "random-harbor-registry-password");
    assert.equal(data["passwd"], "harbor_registry_user:bcrypt-harbor-registry-password\n");
  });

  it("gives addresses of Redis whose password an earlier variable holds", async () => {
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

  it("sends clients for their tokens to the very address that they use", async () => {
    const core = async (args: Partial<RegistryArgs>, changed?: object) =>
      env(await registry(changed, args), "harbor-core")["EXT_ENDPOINT"];
    assert.equal(await core({}), "https://harbor.platform.test");
    assert.equal(await core({ scheme: "http" }), "http://harbor.platform.test");
    assert.equal(await core({}, { host: "images.example.com" }), "https://images.example.com");
  });

  it("routes the API and images to core, the rest to the pages, without a limit of time", async () => {
    const route = (await registry()).object("HTTPRoute", "harbor");
    assert.deepEqual(at(route, "spec.hostnames"), ["harbor.platform.test"]);
    const rules = at(route, "spec.rules") as {
      matches: { path: { value: string } }[];
      backendRefs: { name: string; port: number }[];
      timeouts: object;
    }[];
    assert.deepEqual(
      rules.map(({ matches, backendRefs }) => [matches[0]?.path.value, backendRefs[0]?.name]),
      [
        ["/api/", "harbor-core"],
        ["/service/", "harbor-core"],
        ["/v2/", "harbor-core"],
        ["/c/", "harbor-core"],
        ["/", "harbor-portal"],
      ],
    );
    assert.ok(rules.every(({ timeouts }) => JSON.stringify(timeouts) === '{"request":"0s"}'));
  });

  it("starts core after its databases and sets Harbor up after its parts", async () => {
    const { registrations } = await registry();
    const dependencies = (name: RegExp) =>
      registrations
        .find((entry) => /Deployment|Job$/.test(entry.type) && name.test(entry.name))
        ?.dependencies.map((urn) => urn.split("::").at(-1)) ?? [];
    for (const name of ["harbor-database", "harbor-redis"]) {
      assert.ok(dependencies(/^harbor-core$/).includes(name));
    }
    assert.ok(dependencies(/^harbor-jobservice$/).includes("harbor-core"));
    for (const name of ["harbor-core", "harbor-registry", "harbor-jobservice", "harbor-portal"]) {
      assert.ok(dependencies(/^harbor-bootstrap-/).includes(name), name);
    }
  });

  for (const [what, changed] of [
    ["with everything in the cluster", {}],
    ["with databases and storage of others", highlyAvailable],
  ] as const) {
    it(`closes its namespace ${what}, and every way has both its ends`, async () => {
      const { objects } = await registry(changed);
      type Rule = { from?: Peer[]; to?: Peer[]; ports: { port: number }[] };
      type Peer = { podSelector?: { matchLabels?: Record<string, string> }; ipBlock?: object };
      const policies = new Map(
        objects
          .filter(({ kind }) => kind === "NetworkPolicy")
          .map((object) => [
            object.metadata.name,
            at(object, "spec") as { ingress?: Rule[]; egress?: Rule[] },
          ]),
      );
      assert.deepEqual(policies.get("default-deny")?.ingress, undefined);
      const name = ({ podSelector }: Peer) => podSelector?.matchLabels?.["app.kubernetes.io/name"];
      const allowed = (from: string, to: string, port: number) =>
        policies
          .get(to)
          ?.ingress?.some(
            (rule) =>
              rule.ports.some((one) => one.port === port) &&
              rule.from?.some((peer) => name(peer) === from),
          );
      let ways = 0;
      for (const [from, { egress = [] }] of policies) {
        for (const rule of egress) {
          for (const to of (rule.to ?? []).map(name).filter((one) => one !== undefined)) {
            for (const { port } of rule.ports) {
              ways += 1;
              assert.ok(allowed(from, to, port), `${from} may reach ${to}:${port}, which refuses`);
            }
          }
        }
      }
      assert.ok(ways >= 10, String(ways));
      for (const workload of workloads(objects)) {
        const own = at(workload.object, "spec.template.metadata.labels") as Record<string, string>;
        assert.ok(policies.has(own["app.kubernetes.io/name"] ?? ""), workload.object.metadata.name);
      }
    });
  }

  it("trusts the company's certificates in every container whose start script takes them", async () => {
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

  it("has scrape annotations for its metrics", async () => {
    const { objects } = await registry();
    const scraped = workloads(objects)
      .filter(
        ({ object }) =>
          (at(object, "spec.template.metadata") as { annotations?: Record<string, string> })
            .annotations?.["prometheus.io/scrape"] === "true",
      )
      .map(({ object, pod }) => {
        const metrics = pod.containers[0]?.ports?.find(({ name }) => name === "metrics");
        return [object.metadata.name, metrics?.containerPort];
      });
    assert.deepEqual(scraped, [
      ["harbor-core", 8001],
      ["harbor-exporter", 8001],
      ["harbor-jobservice", 8001],
      ["harbor-registry", 8001],
    ]);
  });

  it("takes its images from the mirror", async () => {
    const { objects } = await registry(
      {},
      {
        context: { environment: "dev", imageMirror: "mirror.platform.test/cache" },
      },
    );
    for (const { title, pod } of workloads(objects)) {
      for (const { image } of [...pod.containers, ...(pod.initContainers ?? [])]) {
        assert.match(image ?? "", /^mirror\.platform\.test\/cache\//, title);
      }
    }
  });

  it("places all its pods where the platform's own parts run", async () => {
    const classes = { critical: "critical", platform: "platform", apps: "apps" };
    const nodeGroup = { name: "platform", labels: { pool: "platform" }, exclusive: true };
    const { objects } = await registry(
      {},
      {
        context: { environment: "dev", placement: { classes, nodeGroup } },
      },
    );
    for (const { title, pod } of workloads(objects)) {
      assert.equal(pod.priorityClassName, "platform", title);
      assert.deepEqual(pod.nodeSelector, { pool: "platform" }, title);
    }
  });

  it("gives each team's namespace a pull secret of that team's own account", async () => {
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

  it("declares nothing but pull secrets for a registry outside", async () => {
    const credentials = { username: "puller", password: "from-config" };
    const declared = await registry(
      {},
      { registry: { external: { address: "images.example.com:5000", credentials } } },
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

describe("Harbor's config files", () => {
  const redis = { host: "redis", port: 6379 };

  it("keep layers on the volume, and hand them out themselves", () => {
    const { storage } = config();
    const made = parse(registryConfig(storage, redis)) as object;
    assert.deepEqual(at(made, "storage.filesystem"), { rootdirectory: "/storage" });
    assert.equal(at(made, "storage.s3"), undefined);
    assert.deepEqual(at(made, "storage.redirect"), { disable: true });
    assert.deepEqual(at(made, "storage.delete"), { enabled: true });
    assert.equal(at(made, "redis.db"), 2);
  });

  const stores: [string, object, object, boolean][] = [
    [
      "a store of its own",
      { endpoint: "http://store:9000" },
      {
        region: "us-east-1",
        bucket: "harbor",
        regionendpoint: "http://store:9000",
        forcepathstyle: true,
        secure: false,
        v4auth: true,
      },
      true,
    ],
    [
      "Amazon's store",
      { redirect: true, region: "eu-1" },
      { region: "eu-1", bucket: "harbor", secure: true, v4auth: true },
      false,
    ],
  ];
  for (const [what, fields, driver, disable] of stores) {
    it(`keep layers in ${what}, with no key in the file`, () => {
      const { storage } = config({
        storage: { type: "s3", bucket: "harbor", secret: "s3", ...fields },
      });
      const made = parse(registryConfig(storage, redis)) as object;
      assert.deepEqual(at(made, "storage.s3"), driver);
      assert.deepEqual(at(made, "storage.redirect"), { disable });
    });
  }

  it("serve every page that Harbor's own packaging serves, the API's among them", () => {
    // harbor-helm v1.19.1, templates/portal/configmap.yaml; `/v1/` is on the ingress there.
    const pages: Record<string, string> = {
      "/": "/index.html",
      "/devcenter-api-2.0": "/swagger-ui-index.html",
    };
    const served = Object.fromEntries(
      [...portalConfig.matchAll(/location (\S+) \{\s+try_files \$uri \$uri\/ (\S+);/g)].map(
        ([, path = "", file = ""]) => [path, file],
      ),
    );
    assert.deepEqual(served, pages);
    assert.match(portalConfig, /location \/v1\/ \{\s+return 404;/);
  });

  it("keep jobs' logs in the database, so that no volume ties the pods to a node", () => {
    const made = parse(jobServiceConfig()) as object;
    const loggers = at(made, "job_loggers") as { name: string }[];
    assert.deepEqual(
      loggers.map(({ name }) => name),
      ["STD_OUTPUT", "DB"],
    );
    assert.equal(at(made, "worker_pool.redis_pool.redis_url"), undefined);
  });
});

describe("the key of Harbor's tokens", () => {
  it("is one RSA key of 2048 bits for one seed, and signs", () => {
    const pem = rsaPrivateKey("seed");
    assert.equal(rsaPrivateKey("seed"), pem);
    const key = createPrivateKey(pem);
    assert.equal(key.asymmetricKeyDetails?.modulusLength, 2048);
    assert.equal(key.asymmetricKeyDetails?.publicExponent, 65_537n);
    const signature = sign("sha256", Buffer.from("token"), key);
    assert.ok(verify("sha256", Buffer.from("token"), createPublicKey(key), signature));
  });

  it("is another one for another seed", () => {
    assert.notEqual(rsaPrivateKey("seed"), rsaPrivateKey("seeds"));
  });
});

import assert from "node:assert/strict";
import { parse } from "yaml";
import { InvalidConfig, parseStack } from "../../../config";
import { blockStorageClass } from "../../../config/storage-class";
import { Logging, type LoggingArgs } from "../../../components/logging";
import type { PodSpec } from "../../support/workloads";
import { workloads } from "../../support/workloads";
import { at, declare, type Declared } from "../../support/declare";
import { smallLogging } from "../../support/logging";

const small = smallLogging;
const large: Partial<LoggingArgs> = {
  load: { ...small.load, linesPerDay: 600_000_000 },
  highlyAvailable: true,
  kafka: { security: "sasl-tls" },
};

function logging(args: Partial<LoggingArgs> = {}): Promise<Declared> {
  return declare((provider) => {
    new Logging("logging", { ...small, ...args }, { provider });
  });
}

const pod = (declared: Declared, kind: string, name: string) =>
  at(declared.object(kind, name), "spec.template.spec") as PodSpec;

/** Returns a file of the ConfigMap that a part's pods mount. */
function file(declared: Declared, base: string, key: string): string {
  const found = declared.objects.find(
    ({ kind, metadata }) =>
      kind === "ConfigMap" && new RegExp(`^${base}-[0-9a-f]{10}$`).test(metadata.name),
  );
  return String(at(found ?? {}, "data") && (found?.["data"] as Record<string, string>)[key]);
}

describe("Logging", () => {
  it("declares every part of the pipeline, each once", async () => {
    const declared = await logging();
    assert.deepEqual(declared.names("StatefulSet"), ["elasticsearch", "kafka", "logstash"]);
    assert.deepEqual(declared.names("DaemonSet"), ["filebeat", "log-rotation"]);
    assert.deepEqual(declared.names("Deployment"), [
      "elasticsearch-exporter",
      "kafka-exporter",
      "kibana",
    ]);
    assert.deepEqual(
      declared.names("Job").map((name) => name.replace(/-[0-9a-f]{10}$/, "")),
      ["kafka-topics", "logging-bootstrap", "logging-tls", "logging-views"],
    );
    assert.deepEqual(declared.names("Namespace").sort(), ["logging", "logging-nodes"]);
    assert.deepEqual(declared.names("HTTPRoute"), ["kibana"]);
    assert.deepEqual(declared.names("Secret"), ["elasticsearch", "kibana"]);
  });

  it("has one pod of everything on one node, without a budget that would block its drain", async () => {
    const declared = await logging();
    for (const name of declared.names("StatefulSet")) {
      assert.equal(at(declared.object("StatefulSet", name), "spec.replicas"), 1);
    }
    assert.deepEqual(declared.names("PodDisruptionBudget"), []);
    const yaml = file(declared, "elasticsearch", "elasticsearch.yml");
    assert.match(yaml, /^discovery\.type: single-node$/m);
    assert.doesNotMatch(yaml, /initial_master_nodes/);
  });

  it("survives the loss of a node when it is highly available", async () => {
    const declared = await logging(large);
    const replicas = (kind: string, name: string) =>
      at(declared.object(kind, name), "spec.replicas");
    assert.equal(replicas("StatefulSet", "kafka"), 3);
    assert.equal(replicas("StatefulSet", "elasticsearch"), 6);
    assert.equal(replicas("StatefulSet", "logstash"), 6);
    assert.equal(replicas("Deployment", "kibana"), 2);
    const names = ["elasticsearch", "kafka", "kibana", "logstash"];
    assert.deepEqual(declared.names("PodDisruptionBudget"), names);
    for (const name of names) {
      const budget = declared.object("PodDisruptionBudget", name);
      assert.equal(at(budget, "spec.maxUnavailable"), 1);
    }
    // When a zone is lost, six Elasticsearch nodes must fit onto the remaining nodes.
    for (const [name, term] of [
      ["kafka", "requiredDuringSchedulingIgnoredDuringExecution.0.topologyKey"],
      [
        "elasticsearch",
        "preferredDuringSchedulingIgnoredDuringExecution.0.podAffinityTerm.topologyKey",
      ],
    ] as const) {
      const key = at(pod(declared, "StatefulSet", name), `affinity.podAntiAffinity.${term}`);
      assert.equal(key, "kubernetes.io/hostname", name);
      assert.equal(
        at(declared.object("StatefulSet", name), "spec.podManagementPolicy"),
        "Parallel",
      );
    }
  });

  it("gives Elasticsearch half of its memory as heap, and as much limit as request", async () => {
    const [container] = pod(await logging(large), "StatefulSet", "elasticsearch").containers;
    assert.equal(container?.resources.requests["memory"], "32Gi");
    assert.equal(container?.resources.limits["memory"], "32Gi");
    const heap = container?.env.find(({ name }) => name === "ES_JAVA_OPTS")?.value;
    assert.equal(heap, "-Xms16384m -Xmx16384m");
  });

  it("claims disks of the computed size and the StorageClass given", async () => {
    const declared = await logging({ ...large, storageClass: blockStorageClass.parse("block") });
    for (const [name, storage] of [
      ["kafka", "200Gi"],
      ["elasticsearch", "1850Gi"],
      ["logstash", "4Gi"],
    ] as const) {
      const claim = at(declared.object("StatefulSet", name), "spec.volumeClaimTemplates.0.spec");
      assert.deepEqual(claim, {
        accessModes: ["ReadWriteOnce"],
        storageClassName: "block",
        resources: { requests: { storage } },
      });
    }
  });

  it("encrypts and authenticates everything at Elasticsearch", async () => {
    const yaml = parse(file(await logging(large), "elasticsearch", "elasticsearch.yml")) as Record<
      string,
      unknown
    >;
    for (const key of [
      "xpack.security.enabled",
      "xpack.security.transport.ssl.enabled",
      "xpack.security.http.ssl.enabled",
    ]) {
      assert.equal(yaml[key], true, key);
    }
    assert.equal(yaml["node.store.allow_mmap"], false);
    assert.deepEqual(yaml["cluster.initial_master_nodes"], [
      "elasticsearch-0",
      "elasticsearch-1",
      "elasticsearch-2",
    ]);
    assert.deepEqual(yaml["discovery.seed_hosts"], ["elasticsearch-nodes.logging.svc"]);
  });

  it("lets no node found a cluster once there is one, and uses memory maps where they work", async () => {
    const declared = await logging({ ...large, elasticsearch: { memoryMap: true, formed: true } });
    const yaml = parse(file(declared, "elasticsearch", "elasticsearch.yml")) as object;
    assert.ok(!("cluster.initial_master_nodes" in yaml));
    assert.equal((yaml as Record<string, unknown>)["node.store.allow_mmap"], true);
  });

  it("spreads copies over zones where pods know theirs", async () => {
    const declared = await logging({ ...large, zones: true });
    for (const name of ["kafka", "elasticsearch"]) {
      const [container] = pod(declared, "StatefulSet", name).containers;
      const zone = container?.env.find((variable) => variable.name === "ZONE");
      assert.equal(
        zone?.valueFrom.fieldRef.fieldPath,
        "metadata.labels['topology.kubernetes.io/zone']",
      );
    }
    const yaml = file(declared, "elasticsearch", "elasticsearch.yml");
    assert.match(yaml, /awareness\.attributes: zone/);
    assert.doesNotMatch(file(await logging(large), "elasticsearch", "elasticsearch.yml"), /zone/);
  });

  it("keeps passwords in Secrets only", async () => {
    const { objects, registrations } = await logging(large);
    const passwords = registrations
      .filter(({ type }) => type === "random:index/randomPassword:RandomPassword")
      .map(({ name, inputs }) => ({ name, value: `random-${name}`, inputs }));
    assert.deepEqual(passwords.map(({ name }) => name).sort(), [
      ...["elastic", "exporter", "kibana_system", "logstash"].map((u) => `elasticsearch-${u}`),
      "kafka-broker",
      "kafka-client",
      ...["reporting", "savedObjects", "security"].map((key) => `kibana-${key}`),
    ]);
    for (const { name, value, inputs } of passwords) {
      const holders = objects
        .filter((object) => JSON.stringify(object).includes(value))
        .map(({ kind }) => kind);
      assert.deepEqual([...new Set(holders)], ["Secret"], name);
      assert.equal(inputs["length"], name.startsWith("kibana-") ? 64 : 32);
    }
  });

  it("gives Kafka users and TLS only when asked to", async () => {
    const open = await logging();
    assert.ok(!open.names("Secret").includes("kafka"));
    assert.doesNotMatch(JSON.stringify(open.object("DaemonSet", "filebeat")), /KAFKA_PASSWORD/);

    const closed = await logging({ kafka: { security: "sasl-tls" } });
    assert.ok(closed.names("Secret").includes("kafka"));
    for (const [kind, name, source] of [
      ["DaemonSet", "filebeat", { name: "kafka-client", key: "password" }],
      ["StatefulSet", "logstash", { name: "kafka", key: "client-password" }],
    ] as const) {
      const [container] = pod(closed, kind, name).containers;
      const variable = container?.env.find((entry) => entry.name === "KAFKA_PASSWORD");
      assert.deepEqual(variable?.valueFrom.secretKeyRef, source);
    }
    const [exporter] = pod(closed, "Deployment", "kafka-exporter").containers;
    assert.deepEqual(exporter?.args, [
      "--kafka.server=kafka.logging.svc:9092",
      "@/etc/exporter/login/arguments",
    ]);
  });

  it("gives the nodes' pods the authority and the password in their own namespace", async () => {
    const closed = await logging({ kafka: { security: "sasl-tls" } });
    const filebeat = pod(closed, "DaemonSet", "filebeat");
    assert.ok(filebeat.volumes.some((volume) => at(volume, "configMap.name") === "logging-ca"));
    assert.equal(closed.object("Secret", "kafka-client").metadata.namespace, "logging-nodes");
    const publisher = closed.objects.find(
      ({ kind, metadata }) => kind === "Role" && metadata.namespace === "logging-nodes",
    );
    assert.deepEqual(at(publisher ?? {}, "rules"), [
      {
        apiGroups: [""],
        resources: ["configmaps"],
        resourceNames: ["logging-ca"],
        verbs: ["get", "update"],
      },
      { apiGroups: [""], resources: ["configmaps"], verbs: ["create"] },
    ]);
    const given = await logging({ tlsSecret: "own-tls", kafka: { security: "sasl-tls" } });
    assert.ok(given.names("Job").some((name) => name.startsWith("logging-tls")));
  });

  it("has privileged pods only for reading the nodes' files, in a separate namespace", async () => {
    const declared = await logging();
    const level = (name: string) =>
      at(declared.object("Namespace", name), "metadata.labels") as Record<string, string>;
    assert.equal(level("logging")["pod-security.kubernetes.io/enforce"], "restricted");
    assert.equal(level("logging-nodes")["pod-security.kubernetes.io/enforce"], "privileged");
    const pods = workloads(declared.objects).filter(
      ({ object }) => object.metadata.namespace === "logging-nodes",
    );
    assert.deepEqual(
      pods.map(({ object }) => object.metadata.name),
      ["filebeat", "log-rotation"],
    );
  });

  it("keeps Kafka's data exactly at a VOLUME of its image, in a folder below", async () => {
    const declared = await logging();
    const [container] = pod(declared, "StatefulSet", "kafka").containers;
    const data = container?.volumeMounts.find(({ name }) => name === "data");
    // A runtime mounts an empty volume on a VOLUME without a mount of its own, even below another mount.
    assert.equal(at(data ?? {}, "mountPath"), "/var/lib/kafka/data");
    assert.match(
      file(declared, "kafka", "server.properties"),
      /^log\.dirs=\/var\/lib\/kafka\/data\/data$/m,
    );
  });

  it("paces restarts by the state of partitions and shards, not by a clock", async () => {
    const declared = await logging(large);
    for (const [name, started] of [
      ["kafka", ["in-sync.sh", "caught-up"]],
      ["elasticsearch", ["settled.sh", "started"]],
    ] as const) {
      const object = declared.object("StatefulSet", name);
      assert.equal(at(object, "spec.minReadySeconds"), undefined);
      const [container] = pod(declared, "StatefulSet", name).containers;
      const words = (path: string) => (at(container ?? {}, path) as string[]).join(" ");
      assert.ok(words("startupProbe.exec.command").endsWith(started.join(" ")), name);
      const stop = words("lifecycle.preStop.exec.command");
      assert.match(stop, /LIMIT=300 .*may-stop$/);
      assert.equal(at(object, "spec.template.spec.terminationGracePeriodSeconds"), 480);
    }
    const [alone] = pod(await logging(), "StatefulSet", "kafka").containers;
    assert.equal(at(alone ?? {}, "lifecycle"), undefined);
  });

  it("reads the nodes' files with an SELinux type, if the stack names one", async () => {
    const declared = await logging({ selinuxType: "spc_t" });
    for (const name of ["filebeat", "log-rotation"]) {
      const options = at(declared.object("DaemonSet", name), "spec.template.spec.securityContext");
      assert.deepEqual(at(options as object, "seLinuxOptions"), { type: "spc_t" });
      const without = at(
        (await logging()).object("DaemonSet", name),
        "spec.template.spec.securityContext",
      );
      assert.equal(at(without as object, "seLinuxOptions"), undefined);
    }
  });

  it("makes certificates by a Job that may touch that one Secret, unless they are given", async () => {
    const made = await logging();
    assert.deepEqual(at(made.object("Role", "logging-tls"), "rules"), [
      { apiGroups: [""], resources: ["secrets"], resourceNames: ["logging-tls"], verbs: ["get"] },
      { apiGroups: [""], resources: ["secrets"], verbs: ["create"] },
    ]);
    const given = await logging({ tlsSecret: "own-tls" });
    assert.ok(!given.names("Job").some((name) => name.startsWith("logging-tls")));
    assert.deepEqual(given.names("Role"), []);
    const volumes = pod(given, "StatefulSet", "elasticsearch").volumes;
    assert.equal(volumes.find(({ name }) => name === "tls")?.secret.secretName, "own-tls");
  });

  it("writes lines only after the topic and the template are there", async () => {
    const { registrations } = await logging();
    const dependencies = registrations.find(
      ({ name, type }) => name === "logstash" && type.endsWith(":StatefulSet"),
    )?.dependencies;
    for (const job of [/^kafka-topics-[0-9a-f]{10}$/, /^logging-bootstrap-[0-9a-f]{10}$/]) {
      const found = registrations.find(
        ({ name, type }) => job.test(name) && type.endsWith(":Job"),
      )?.urn;
      assert.ok(found !== undefined && dependencies?.includes(found), String(job));
    }
  });

  it("runs the bootstrap again for another domain or another retention", async () => {
    const job = async (args: Partial<LoggingArgs>) =>
      (await logging(args)).names("Job").find((name) => name.startsWith("logging-bootstrap"));
    const before = await job({});
    assert.equal(await job({}), before);
    assert.notEqual(await job({ domains: { ...small.domains, a: "a.example.com" } }), before);
    assert.notEqual(await job({ retentionDays: 20 }), before);
  });

  it("reads and rotates the same directories, which it creates for every domain", async () => {
    const declared = await logging();
    for (const name of ["filebeat", "log-rotation"]) {
      const spec = pod(declared, "DaemonSet", name);
      const volume = spec.volumes.find((entry) => entry.name === "nodelogs");
      assert.deepEqual(volume?.hostPath, { path: "/data/nodelogs", type: "DirectoryOrCreate" });
      assert.deepEqual(spec.tolerations, [{ operator: "Exists" }]);
    }
    const mounts = pod(declared, "DaemonSet", "filebeat").containers[0]?.volumeMounts;
    assert.deepEqual(
      mounts?.filter(({ readOnly }) => readOnly !== true).map(({ name }) => name),
      ["registry"],
    );
    assert.equal(file(declared, "log-rotation", "domains"), "news.example.com\nshop.example.com\n");
    const env = pod(declared, "DaemonSet", "log-rotation").containers[0]?.env;
    assert.deepEqual(
      env?.filter(({ name }) => ["ENVIRONMENT", "KINDS", "MAXIMUM_BYTES"].includes(name)),
      [
        { name: "ENVIRONMENT", value: "dev" },
        { name: "KINDS", value: "accesslogs devlogs tomcatlogs" },
        { name: "MAXIMUM_BYTES", value: "104857600" },
      ],
    );
  });

  it("shows Kibana at its host, with keys that outlive its pods", async () => {
    const declared = await logging({ kibana: { host: "logs.example.com" }, scheme: "https" });
    const route = declared.object("HTTPRoute", "kibana");
    assert.deepEqual(at(route, "spec.hostnames"), ["logs.example.com"]);
    const yaml = parse(file(declared, "kibana", "kibana.yml")) as Record<string, unknown>;
    assert.equal(yaml["server.publicBaseUrl"], "https://logs.example.com");
    const [container] = pod(declared, "Deployment", "kibana").containers;
    const keys = container?.env.filter(({ name }) => name.startsWith("XPACK_"));
    assert.deepEqual(
      keys?.map(({ valueFrom }) => valueFrom.secretKeyRef.name),
      ["kibana", "kibana", "kibana"],
    );
  });

  it("denies every connection but those that its parts need, at both ends", async () => {
    const declared = await logging();
    const policies = declared.objects.filter(({ kind }) => kind === "NetworkPolicy");
    const denied = policies.filter(({ metadata }) => metadata.name === "default-deny");
    assert.deepEqual(denied.map(({ metadata }) => metadata.namespace).sort(), [
      "logging",
      "logging-nodes",
    ]);
    for (const [from, to, port] of [
      ["filebeat", "kafka", 9092],
      ["logstash", "kafka", 9092],
      ["kafka-topics", "kafka", 9092],
      ["kafka-exporter", "kafka", 9092],
      ["kafka", "kafka", 9093],
      ["logstash", "elasticsearch", 9200],
      ["kibana", "elasticsearch", 9200],
      ["logging-bootstrap", "elasticsearch", 9200],
      ["elasticsearch-exporter", "elasticsearch", 9200],
      ["elasticsearch", "elasticsearch", 9300],
      ["logging-views", "kibana", 5601],
    ] as const) {
      const allows = (policy: string, path: string, side: string, peer: string) =>
        (at(declared.object("NetworkPolicy", policy), path) as Record<string, object[]>[]).some(
          (rule) =>
            JSON.stringify(rule[side]).includes(`"app.kubernetes.io/name":"${peer}"`) &&
            JSON.stringify(rule["ports"]).includes(`"port":${port}`),
        );
      assert.ok(allows(from, "spec.egress", "to", to), `${from} may not reach ${to}:${port}`);
      assert.ok(allows(to, "spec.ingress", "from", from), `${to}:${port} refuses ${from}`);
    }
  });

  it("mounts no empty list of secrets into its Jobs, which would be permanent drift", async () => {
    for (const { title, object, pod: spec } of workloads((await logging()).objects)) {
      if (object.kind !== "Job") continue;
      const names = (spec.volumes as { name: string }[]).map(({ name }) => name);
      assert.equal(names.includes("secrets"), /logging-(bootstrap|views)/.test(title), title);
      const mounts = spec.containers[0]?.volumeMounts.map(({ name }) => name);
      assert.deepEqual(mounts, names, title);
    }
  });

  it("can be scraped", async () => {
    const declared = await logging();
    for (const [name, port] of [
      ["kafka-exporter", "9308"],
      ["elasticsearch-exporter", "9114"],
    ] as const) {
      const template = at(
        declared.object("Deployment", name),
        "spec.template.metadata.annotations",
      );
      const annotations = template as Record<string, string>;
      assert.equal(annotations["prometheus.io/scrape"], "true");
      assert.equal(annotations["prometheus.io/port"], port);
    }
  });

  it("injects no Service's address, which Kafka and Kibana would take for settings", async () => {
    for (const { title, pod: spec } of workloads((await logging(large)).objects)) {
      assert.equal(spec.enableServiceLinks, false, title);
    }
  });

  it("takes its images from the stack's mirror", async () => {
    const declared = await logging({
      ...large,
      context: { environment: "dev", imageMirror: "mirror.example.com/platform" },
    });
    for (const { title, pod: spec } of workloads(declared.objects)) {
      for (const { image } of spec.containers) {
        assert.match(image, /^mirror\.example\.com\/platform\//, title);
      }
    }
  });
});

function stackWith(logging: unknown): Record<string, unknown> {
  return {
    environment: "dev",
    domain: "platform.test",
    cluster: { kubeconfig: ".kube/config", context: "dev" },
    components: { logging },
    apps: {
      shop: {
        team: "commerce",
        domain: "kibana.platform.test",
        image: "harbor.platform.test/shop/shop",
        stable: { version: "1.4.2" },
      },
    },
  };
}

describe("the config of the log pipeline", () => {
  function errors(logging: object): string[] {
    try {
      parseStack("dev", stackWith({ kibana: { host: "logs.platform.test" }, ...logging }));
      return [];
    } catch (error) {
      assert.ok(error instanceof InvalidConfig, String(error));
      return error.errors.map(({ key, message }) => `${key}: ${message}`);
    }
  }

  it("needs nothing", () => {
    assert.deepEqual(errors({}), []);
  });

  it("refuses what is out of range, by name", () => {
    const key = "platform:components.logging";
    const table: [object, RegExp][] = [
      [{ load: { linesPerDay: 10 } }, new RegExp(`^${key}.load.linesPerDay: expected .*, got 10$`)],
      [{ load: { peakFactor: 0.5 } }, new RegExp(`^${key}.load.peakFactor: expected .*, got 0.5$`)],
      [{ retentionDays: 0 }, new RegExp(`^${key}.retentionDays: expected .*, got 0$`)],
      [
        { kafka: { security: "ssl" } },
        new RegExp(`^${key}.kafka.security: expected .*, got "ssl"$`),
      ],
      [{ rotation: { maximumSize: "1GB" } }, /rotation\.maximumSize: .*unit Ki, Mi, Gi or Ti/],
      [
        { retention: 10 },
        new RegExp(`^${key}.retention: expected one of the keys .*, got "retention"`),
      ],
    ];
    for (const [logging, expected] of table) {
      const [first, ...others] = errors(logging);
      assert.match(first ?? "", expected);
      assert.deepEqual(others, []);
    }
  });

  it("refuses a StorageClass that the stack does not name", () => {
    const [first, ...others] = errors({ storageClass: "nfs" });
    assert.match(
      first ?? "",
      /^platform:components\.logging\.storageClass: expected .*, got "nfs"/,
    );
    assert.deepEqual(others, []);
  });

  it("refuses Kibana at an app's host", () => {
    assert.deepEqual(errors({ kibana: {} }), [
      `platform:apps.shop.domain: expected a host name that nothing else uses, got "kibana.platform.test", which Kibana (platform:components.logging.kibana.host) uses`,
    ]);
  });

  it("refuses an app of another stack that this one declares", () => {
    const key = "platform:components.logging.otherApps";
    const message = (host: string) =>
      `expected an app of another stack, got "${host}" of platform:apps.shop`;
    assert.deepEqual(errors({ otherApps: { shop: "other.platform.test" } }), [
      `${key}.shop: ${message("other.platform.test")}`,
    ]);
    assert.deepEqual(errors({ otherApps: { old: "kibana.platform.test" } }), [
      `${key}.old: ${message("kibana.platform.test")}`,
    ]);
    assert.deepEqual(errors({ otherApps: { old: "old.platform.test" } }), []);
  });
});

import assert from "node:assert/strict";
import { parse } from "yaml";
import type { z } from "zod";
import { Monitoring, type MonitoringArgs } from "../../../components/monitoring";
import { monitoring as schema } from "../../../config/components/monitoring";
import type { PlatformContext } from "../../../components/shared/context";
import { at, declare, type Declared } from "../../support/declare";
import type { PodSpec } from "../../support/workloads";

type Config = z.input<typeof schema>;
type Args = Partial<Omit<MonitoringArgs, "context">> & { context?: Partial<PlatformContext> };

const known = new Map<string, Promise<Declared>>();

/** Returns what a config declares; each config is run once. */
function monitoring(config: Config = {}, args: Args = {}): Promise<Declared> {
  const key = JSON.stringify([config, args]);
  const declared = known.get(key) ?? declaredBy(config, args);
  known.set(key, declared);
  return declared;
}

function declaredBy(config: Config, { context, ...args }: Args): Promise<Declared> {
  const { alertRoutes: routes, ...rest } = schema.parse(config);
  return declare((provider) => {
    new Monitoring(
      "monitoring",
      {
        ...rest,
        routes,
        context: { environment: "dev", ...context },
        domain: "platform.test",
        scheme: "http",
        gateway: { name: "dev", namespace: "gateway" },
        rules: { "nodes.yaml": "groups: []\n" },
        dashboards: { "nodes.json": { uid: "nodes" } },
        ...args,
      },
      { provider },
    );
  });
}

function pod(declared: Declared, kind: string, name: string): PodSpec {
  return at(declared.object(kind, name), "spec.template.spec") as PodSpec;
}

function container(declared: Declared, kind: string, name: string): PodSpec["containers"][number] {
  const [first] = pod(declared, kind, name).containers;
  assert.ok(first);
  return first;
}

/** Returns a file of the only ConfigMap whose name has this prefix. */
function file(declared: Declared, configMap: string, key: string): string {
  const [name = "", ...others] = declared
    .names("ConfigMap")
    .filter((candidate) => candidate.startsWith(configMap));
  assert.deepEqual(others, []);
  const data = declared.object("ConfigMap", name)["data"] as Record<string, string>;
  assert.ok(data[key] !== undefined, `${name} has no ${key}`);
  return data[key];
}

const many = { prometheus: { replicas: 2 }, alertmanager: { replicas: 3 } };

describe("Monitoring", () => {
  it("lets only node-exporter use its node", async () => {
    const declared = await monitoring();
    const level = (name: string) =>
      declared.object("Namespace", name).metadata.labels?.["pod-security.kubernetes.io/enforce"];
    assert.equal(level("monitoring"), "restricted");
    assert.equal(level("monitoring-nodes"), "privileged");
    const inNodes = declared.objects.filter(
      ({ metadata }) => metadata.namespace === "monitoring-nodes",
    );
    assert.deepEqual(
      inNodes.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
      ["DaemonSet node-exporter", "NetworkPolicy default-deny"],
    );
  });

  it("has budgets only for what has several pods", async () => {
    assert.deepEqual((await monitoring()).names("PodDisruptionBudget"), []);
    assert.deepEqual((await monitoring(many)).names("PodDisruptionBudget"), [
      "alertmanager",
      "prometheus",
    ]);
  });

  it("takes all images from the mirror", async () => {
    const declared = await monitoring({}, { context: { imageMirror: "mirror.test/cache" } });
    const pods = declared.objects.flatMap((object) => {
      const spec = at(object, "spec.template.spec") as PodSpec | undefined;
      return spec === undefined ? [] : spec.containers.map(({ image }) => image);
    });
    assert.equal(pods.length, 5);
    for (const image of pods) assert.match(image, /^mirror\.test\/cache\//);
  });

  it("runs where the platform runs, and node-exporter everywhere", async () => {
    const nodeGroup = { name: "infra", labels: { group: "infra" }, exclusive: false };
    const classes = { platform: "p", apps: "a" };
    const declared = await monitoring({}, { context: { placement: { classes, nodeGroup } } });
    for (const object of declared.objects) {
      const spec = at(object, "spec.template.spec") as PodSpec | undefined;
      if (spec === undefined) continue;
      assert.equal(spec.priorityClassName, "p", object.metadata.name);
      assert.deepEqual(
        spec.nodeSelector,
        object.kind === "DaemonSet" ? { "kubernetes.io/os": "linux" } : nodeGroup.labels,
      );
    }
  });

  it("asks for volumes of the config's class, or of the cluster's own", async () => {
    const claims = (declared: Declared) => [
      at(declared.object("PersistentVolumeClaim", "grafana"), "spec"),
      ...["prometheus", "alertmanager"].map((name) =>
        at(declared.object("StatefulSet", name), "spec.volumeClaimTemplates.0.spec"),
      ),
    ];
    for (const spec of claims(await monitoring({ storageClass: "block" }))) {
      assert.equal(at(spec as object, "storageClassName"), "block");
      assert.deepEqual(at(spec as object, "accessModes"), ["ReadWriteOnce"]);
    }
    for (const spec of claims(await monitoring())) {
      assert.equal(at(spec as object, "storageClassName"), undefined);
    }
  });

  it("serves the pages that have a host, by default all", async () => {
    const declared = await monitoring();
    const hosts = (from: Declared) =>
      from.names("HTTPRoute").map((name) => at(from.object("HTTPRoute", name), "spec.hostnames.0"));
    assert.deepEqual(hosts(declared), [
      "alertmanager.platform.test",
      "grafana.platform.test",
      "prometheus.platform.test",
    ]);
    const closed = { grafana: "g.example.com", prometheus: false, alertmanager: false } as const;
    const fewer = await monitoring({ pages: closed });
    assert.deepEqual(hosts(fewer), ["g.example.com"]);
    const args = container(fewer, "StatefulSet", "prometheus").args.join(" ");
    assert.doesNotMatch(args, /external-url/);
  });

  it("links to its pages as the gateway serves them", async () => {
    const declared = await monitoring({}, { scheme: "https" });
    const flag = "--web.external-url=https://prometheus.platform.test/";
    assert.ok(container(declared, "StatefulSet", "prometheus").args.includes(flag));
    const env = container(declared, "Deployment", "grafana").env;
    const value = (name: string) => env.find((variable) => variable.name === name)?.value;
    assert.equal(value("GF_SERVER_ROOT_URL"), "https://grafana.platform.test/");
    assert.equal(value("GF_SECURITY_COOKIE_SECURE"), "true");
  });

  it("offers every pod's metrics by annotation", async () => {
    const declared = await monitoring();
    const ports: Record<string, unknown> = {};
    for (const object of declared.objects) {
      const annotations = at(object, "spec.template.metadata.annotations") as
        Record<string, string> | undefined;
      if (annotations === undefined) continue;
      assert.equal(annotations["prometheus.io/scrape"], "true");
      ports[object.metadata.name] = annotations["prometheus.io/port"];
    }
    assert.deepEqual(ports, {
      alertmanager: "9093",
      grafana: "3000",
      "kube-state-metrics": "8080",
      "node-exporter": "9100",
      prometheus: "9090",
    });
  });
});

describe("Prometheus", () => {
  it("keeps samples by time and by size", async () => {
    const declared = await monitoring({ prometheus: { retention: "10d", storage: "100Gi" } });
    const data = declared.object("ConfigMap", "prometheus-config")["data"] as Record<
      string,
      string
    >;
    const { storage } = parse(data["prometheus.yml"] ?? "") as { storage: object };
    assert.deepEqual(storage, { tsdb: { retention: { time: "864000s", size: "81920MB" } } });
  });

  it("reloads its files without a restart, and has no API to stop it", async () => {
    const declared = await monitoring();
    const { args } = container(declared, "StatefulSet", "prometheus");
    assert.ok(args.includes("--config.auto-reload"));
    // Deprecated in cmd/prometheus/main.go of v0.314.0 (lines 254 and 508); the file and the flag above replace them.
    assert.deepEqual(
      args.filter((arg) => /^--(enable-feature=auto-reload|storage\.tsdb\.retention)/.test(arg)),
      [],
    );
    assert.ok(!args.some((arg) => /enable-lifecycle|enable-admin-api/.test(arg)));
    for (const name of ["prometheus-config", "prometheus-rules"]) {
      assert.equal(declared.object("ConfigMap", name)["immutable"], undefined);
    }
    const changed = await monitoring({}, { rules: { "nodes.yaml": "groups: [1]\n" } });
    assert.deepEqual(
      pod(changed, "StatefulSet", "prometheus"),
      pod(declared, "StatefulSet", "prometheus"),
    );
  });

  it("has the rule files that its configuration names", async () => {
    const declared = await monitoring({}, { rules: { "b.yaml": "b", "a.yaml": "a" } });
    const config = parse(file(declared, "prometheus-config", "prometheus.yml")) as {
      rule_files: string[];
    };
    assert.deepEqual(config.rule_files, [
      "/etc/prometheus/rules/a.yaml",
      "/etc/prometheus/rules/b.yaml",
    ]);
    const mount = container(declared, "StatefulSet", "prometheus").volumeMounts.find(
      ({ mountPath }) => mountPath === "/etc/prometheus/rules",
    );
    assert.ok(mount);
    assert.equal(file(declared, "prometheus-rules", "a.yaml"), "a");
  });

  it("sends alerts to every Alertmanager, at addresses that exist", async () => {
    const declared = await monitoring(many);
    const config = parse(file(declared, "prometheus-config", "prometheus.yml")) as object;
    assert.deepEqual(at(config, "alerting.alertmanagers.0.static_configs.0.targets"), [
      "alertmanager-0.alertmanager-pods.monitoring.svc:9093",
      "alertmanager-1.alertmanager-pods.monitoring.svc:9093",
      "alertmanager-2.alertmanager-pods.monitoring.svc:9093",
    ]);
    const pods = declared.object("Service", "alertmanager-pods");
    assert.equal(at(pods, "spec.clusterIP"), "None");
    assert.equal(at(pods, "spec.publishNotReadyAddresses"), true);
    const set = declared.object("StatefulSet", "alertmanager");
    assert.equal(at(set, "spec.serviceName"), "alertmanager-pods");
    assert.equal(at(set, "spec.replicas"), 3);
  });

  it("waits long enough for its log at the start, and for its end", async () => {
    const declared = await monitoring();
    const { startupProbe } = container(declared, "StatefulSet", "prometheus");
    const { periodSeconds = 0, failureThreshold = 0 } = startupProbe;
    assert.ok(periodSeconds * failureThreshold >= 900);
    const spec = pod(declared, "StatefulSet", "prometheus");
    assert.equal(spec.terminationGracePeriodSeconds, 300);
  });

  it("may read metrics and find targets, and nothing else", async () => {
    const declared = await monitoring();
    const rules = declared.object("ClusterRole", "prometheus")["rules"] as {
      resources?: string[];
      verbs: string[];
    }[];
    assert.deepEqual([...new Set(rules.flatMap(({ verbs }) => verbs))].sort(), [
      "get",
      "list",
      "watch",
    ]);
    const resources = rules.flatMap((rule) => rule.resources ?? []);
    assert.ok(!resources.includes("secrets") && !resources.includes("configmaps"));
    for (const needed of ["nodes/metrics", "endpointslices", "pods"]) {
      assert.ok(resources.includes(needed), needed);
    }
  });

  it("mounts the client certificates that its jobs name", async () => {
    const declared = await monitoring({
      controlPlane: { etcd: { tls: { secret: "etcd-client" } } },
    });
    const { volumes } = pod(declared, "StatefulSet", "prometheus");
    const volume = volumes.find(({ secret }) => secret?.secretName === "etcd-client");
    assert.equal(volume?.secret.optional, true);
    const mount = container(declared, "StatefulSet", "prometheus").volumeMounts.find(
      ({ name }) => name === volume.name,
    );
    assert.equal(mount?.mountPath, "/etc/prometheus/certificates/etcd-client");
    const off = await monitoring({
      controlPlane: { etcd: { enabled: false, tls: { secret: "etcd-client" } } },
    });
    const others = pod(off, "StatefulSet", "prometheus").volumes;
    assert.deepEqual(
      others.map(({ name }) => name),
      ["config", "rules"],
    );
  });
});

describe("Alertmanager", () => {
  const routes = {
    heartbeat: { value: "https://alarm.test/one-secret" },
    default: [{ type: "webhook", url: { value: "https://hooks.test/two-secret" } }],
    teams: {
      commerce: [
        { type: "slack", channel: "#commerce", url: { secret: "chat", key: "url" } },
        { type: "email", to: "commerce@example.com" },
      ],
    },
    mail: {
      smarthost: "mail.example.com:587",
      from: "alerts@example.com",
      login: { username: "alerts", password: { value: "three-secret" } },
    },
  } satisfies Config["alertRoutes"];

  interface ReceiverEntry {
    name: string;
    webhook_configs?: { url_file: string }[];
    slack_configs?: { api_url_file: string; channel: string }[];
    email_configs?: { to: string }[];
  }

  function receivers(declared: Declared): ReceiverEntry[] {
    const config = parse(file(declared, "alertmanager-", "alertmanager.yml")) as object;
    return at(config, "receivers") as ReceiverEntry[];
  }

  it("notifies each team through its own receivers", async () => {
    const declared = await monitoring({ alertRoutes: routes });
    const all = receivers(declared);
    const of = (name: string) => all.find((receiver) => receiver.name === name);
    assert.deepEqual(all.map(({ name }) => name).sort(), [
      "commerce",
      "dead-mans-switch",
      "platform",
    ]);
    assert.equal(of("commerce")?.slack_configs?.[0]?.channel, "#commerce");
    assert.equal(of("commerce")?.email_configs?.[0]?.to, "commerce@example.com");
  });

  it("reads every credential from a file that is mounted", async () => {
    const declared = await monitoring({ alertRoutes: routes });
    const text = file(declared, "alertmanager-", "alertmanager.yml");
    const named = [...text.matchAll(/_file: (\S+)/g)].map(([, path = ""]) => path).sort();
    const folder = "/etc/alertmanager/credentials";
    assert.deepEqual(named, [
      `${folder}/heartbeat`,
      `${folder}/mail-password`,
      `${folder}/team-commerce-0`,
      `${folder}/team-platform-0`,
    ]);
    const volume = pod(declared, "StatefulSet", "alertmanager").volumes.find(
      ({ name }) => name === "credentials",
    );
    assert.deepEqual(
      volume?.projected.sources.map(({ secret }) => secret),
      [
        { name: "alertmanager-receivers" },
        { name: "chat", items: [{ key: "url", path: "team-commerce-0" }], optional: true },
      ],
    );
    assert.deepEqual(declared.object("Secret", "alertmanager-receivers")["stringData"], {
      heartbeat: "https://alarm.test/one-secret",
      "mail-password": "three-secret",
      "team-platform-0": "https://hooks.test/two-secret",
    });
  });

  it("shows no credential outside of its Secret", async () => {
    const declared = await monitoring({ alertRoutes: routes });
    const others = declared.objects.filter(({ kind }) => kind !== "Secret");
    assert.doesNotMatch(JSON.stringify(others), /-secret"|one-secret|two-secret|three-secret/);
  });

  it("needs no Secret without receivers", async () => {
    const declared = await monitoring();
    assert.ok(!declared.names("Secret").includes("alertmanager-receivers"));
    const volumes = pod(declared, "StatefulSet", "alertmanager").volumes;
    assert.deepEqual(volumes.find(({ name }) => name === "credentials")?.emptyDir, {
      sizeLimit: "1Mi",
    });
  });

  it("connects to its peers if there are several, and to nothing if it is alone", async () => {
    const flags = async (config: Config) =>
      container(await monitoring(config), "StatefulSet", "alertmanager").args.filter((arg) =>
        arg.startsWith("--cluster."),
      );
    assert.deepEqual(await flags({}), ["--cluster.listen-address="]);
    assert.deepEqual(await flags(many), [
      "--cluster.listen-address=[$(POD_IP)]:9094",
      "--cluster.advertise-address=[$(POD_IP)]:9094",
      ...[0, 1, 2].map(
        (index) => `--cluster.peer=alertmanager-${index}.alertmanager-pods.monitoring.svc:9094`,
      ),
    ]);
    const ports = at((await monitoring(many)).object("Service", "alertmanager-pods"), "spec.ports");
    assert.deepEqual(
      (ports as { port: number; protocol?: string }[]).map(({ port, protocol }) => [
        port,
        protocol,
      ]),
      [
        [9093, undefined],
        [9094, "TCP"],
        [9094, "UDP"],
      ],
    );
  });

  it("restarts when its configuration changes", async () => {
    const name = async (config: Config) =>
      pod(await monitoring(config), "StatefulSet", "alertmanager").volumes.find(
        (volume) => volume.name === "config",
      )?.configMap.name;
    assert.notEqual(await name({}), await name({ alertRoutes: routes }));
  });
});

describe("Grafana", () => {
  it("has one pod, which ends before the next begins", async () => {
    const spec = (await monitoring()).object("Deployment", "grafana");
    assert.equal(at(spec, "spec.replicas"), 1);
    assert.deepEqual(at(spec, "spec.strategy"), { type: "Recreate" });
  });

  it("knows its sources by fixed uids, and those of other parts", async () => {
    const tempo = { uid: "tempo", name: "Tempo", type: "tempo", url: "http://tempo:3200" };
    const declared = await monitoring(
      { prometheus: { scrapeInterval: "15s" } },
      { dataSources: [{ ...tempo, isDefault: false, jsonData: {} }] },
    );
    const { datasources } = parse(file(declared, "grafana-provisioning", "datasources.yaml")) as {
      datasources: { uid: string; url: string; isDefault: boolean; jsonData: object }[];
    };
    assert.deepEqual(
      datasources.map(({ uid, url, isDefault }) => [uid, url, isDefault]),
      [
        ["prometheus", "http://prometheus.monitoring.svc:9090", true],
        ["alertmanager", "http://alertmanager.monitoring.svc:9093", false],
        ["tempo", "http://tempo:3200", false],
      ],
    );
    assert.equal(at(datasources[0]?.jsonData ?? {}, "timeInterval"), "15s");
    for (const name of ["prometheus", "alertmanager"]) declared.object("Service", name);
  });

  it("reads the dashboards from where they are mounted, without a restart", async () => {
    const declared = await monitoring({}, { dashboards: { "a.json": { uid: "a" }, "b.json": {} } });
    assert.equal(file(declared, "grafana-dashboard-a", "a.json"), '{"uid":"a"}');
    assert.equal(declared.object("ConfigMap", "grafana-dashboard-b")["immutable"], undefined);
    const providers = parse(file(declared, "grafana-provisioning", "dashboards.yaml")) as object;
    const path = at(providers, "providers.0.options.path");
    const mount = container(declared, "Deployment", "grafana").volumeMounts.find(
      ({ mountPath }) => mountPath === path,
    );
    const volume = pod(declared, "Deployment", "grafana").volumes.find(
      ({ name }) => name === mount?.name,
    );
    assert.deepEqual(volume?.projected.sources, [
      { configMap: { name: "grafana-dashboard-a" } },
      { configMap: { name: "grafana-dashboard-b" } },
    ]);
  });

  it("starts without any dashboard", async () => {
    const { volumes } = pod(await monitoring({}, { dashboards: {} }), "Deployment", "grafana");
    assert.deepEqual(volumes.find(({ name }) => name === "dashboards")?.emptyDir, {
      sizeLimit: "1Mi",
    });
  });

  it("has random secrets, in files only", async () => {
    const declared = await monitoring();
    const data = declared.object("Secret", "grafana")["stringData"] as Record<string, string>;
    assert.deepEqual(data, {
      "admin-password": "random-grafana-admin-password",
      "secret-key": "random-grafana-secret-key",
    });
    const passwords = declared.registrations.filter(({ type }) => type.startsWith("random:"));
    for (const { inputs } of passwords) assert.equal(inputs["length"], 32);
    const others = declared.objects.filter(({ kind }) => kind !== "Secret");
    assert.doesNotMatch(JSON.stringify(others), /random-grafana/);
    const { env, volumeMounts } = container(declared, "Deployment", "grafana");
    const folder = volumeMounts.find(({ name }) => name === "secrets")?.mountPath;
    for (const [variable, key] of [
      ["GF_SECURITY_ADMIN_PASSWORD__FILE", "admin-password"],
      ["GF_SECURITY_SECRET_KEY__FILE", "secret-key"],
    ]) {
      assert.equal(env.find(({ name }) => name === variable)?.value, `${folder}/${key}`);
    }
  });

  it("requires a login", async () => {
    const { env } = container(await monitoring(), "Deployment", "grafana");
    const value = (name: string) => env.find((variable) => variable.name === name)?.value;
    assert.equal(value("GF_AUTH_ANONYMOUS_ENABLED"), "false");
    assert.equal(value("GF_USERS_ALLOW_SIGN_UP"), "false");
  });
});

describe("kube-state-metrics", () => {
  it("counts exactly what it may list, and no Secrets", async () => {
    const declared = await monitoring();
    const { args } = container(declared, "Deployment", "kube-state-metrics");
    const counted = args
      .find((arg) => arg.startsWith("--resources="))
      ?.replace("--resources=", "")
      .split(",");
    const rules = declared.object("ClusterRole", "kube-state-metrics")["rules"] as {
      resources: string[];
      verbs: string[];
    }[];
    assert.deepEqual(counted, rules.flatMap(({ resources }) => resources).sort());
    assert.ok(!counted?.includes("secrets") && !counted?.includes("configmaps"));
    for (const { verbs } of rules) assert.deepEqual(verbs, ["list", "watch"]);
    for (const kind of ["namespaces", "services", "pods", "deployments", "statefulsets"]) {
      assert.ok(counted?.includes(kind), kind);
    }
  });

  it("names the ports that the scrape job looks for", async () => {
    const { ports } = container(await monitoring(), "Deployment", "kube-state-metrics");
    assert.deepEqual(
      ports.map(({ name }) => name),
      ["metrics", "telemetry"],
    );
  });
});

describe("node-exporter", () => {
  it("runs on every Linux node, and updates a tenth of them at a time", async () => {
    const set = (await monitoring()).object("DaemonSet", "node-exporter");
    const spec = at(set, "spec.template.spec") as PodSpec;
    assert.deepEqual(spec.tolerations, [{ operator: "Exists" }]);
    assert.deepEqual(spec.nodeSelector, { "kubernetes.io/os": "linux" });
    assert.equal(at(set, "spec.updateStrategy.rollingUpdate.maxUnavailable"), "10%");
  });

  it("sees the node, and changes nothing on it", async () => {
    const declared = await monitoring();
    const spec = pod(declared, "DaemonSet", "node-exporter");
    assert.equal(spec.hostNetwork, true);
    assert.equal(spec.hostPID, true);
    const { volumeMounts, securityContext } = container(declared, "DaemonSet", "node-exporter");
    assert.equal(volumeMounts.length, spec.volumes.length);
    for (const { readOnly, mountPropagation } of volumeMounts) {
      assert.equal(readOnly, true);
      assert.equal(mountPropagation, "HostToContainer");
    }
    assert.equal(securityContext.readOnlyRootFilesystem, true);
    assert.deepEqual(securityContext.capabilities, { drop: ["ALL"], add: ["SYS_TIME"] });
    assert.equal(spec.securityContext.runAsNonRoot, true);
  });

  it("leaves out what containers bring with them", async () => {
    const { args } = container(await monitoring(), "DaemonSet", "node-exporter");
    const pattern = (flag: string) =>
      new RegExp(args.find((arg) => arg.startsWith(`${flag}=`))?.slice(flag.length + 1) ?? "");
    const mounts = pattern("--collector.filesystem.mount-points-exclude");
    for (const path of [
      "/proc",
      "/dev/shm",
      "/var/lib/kubelet/pods/x/volumes/y",
      "/run/containerd/z",
    ]) {
      assert.match(path, mounts);
    }
    for (const path of ["/", "/var", "/data", "/var/lib/kubelet", "/device"]) {
      assert.doesNotMatch(path, mounts);
    }
    const types = pattern("--collector.filesystem.fs-types-exclude");
    for (const type of ["tmpfs", "overlay"]) assert.match(type, types);
    for (const type of ["ext4", "xfs", "nfs4", "ceph"]) assert.doesNotMatch(type, types);
    const devices = pattern("--collector.netdev.device-exclude");
    for (const device of ["veth1a2b", "cali12345", "0123456789abcde"])
      assert.match(device, devices);
    for (const device of ["eth0", "bond0", "ens192", "enp3s0f0"]) {
      assert.doesNotMatch(device, devices);
    }
  });
});

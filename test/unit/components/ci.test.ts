import assert from "node:assert/strict";
import type * as k8s from "@pulumi/kubernetes";
import { parse } from "yaml";
import { Jenkins, type JenkinsArgs } from "../../../components/ci";
import { monitoringPrometheus, parseStack, type CiConfig } from "../../../config";
import type { KubernetesObject } from "../../../render/objects";
import { at, declare, type Declared } from "../../support/declare";
import { pipelineSettings, shopPipeline } from "../../support/pipelines";

const url = pipelineSettings.repository.url;

/** Returns a complete config with the fields under test. */
function config(ci: Record<string, unknown>): CiConfig {
  const { components } = parseStack("test", {
    environment: "dev",
    domain: "dev.platform.test",
    cluster: { kubeconfig: "none", context: "none" },
    components: { ci },
  });
  assert.ok(components.ci);
  return components.ci;
}

async function jenkins(
  ci: Record<string, unknown> = {},
  args: Partial<JenkinsArgs> = {},
): Promise<Declared & { address: string }> {
  let address = "";
  const declared = await declare((provider) => {
    ({ address } = new Jenkins(
      "ci",
      {
        context: { environment: "dev" },
        domain: "dev.platform.test",
        scheme: "https",
        gateway: { name: "dev", namespace: "gateway" },
        apps: { shop: shopPipeline },
        teams: { commerce: { view: [], build: ["commerce"] } },
        registry: "harbor.test",
        ci: config({
          repository: { url, secret: "jenkins-git" },
          stacks: { dev: { stack: "dev" } },
          ...ci,
        }),
        ...args,
      },
      { provider },
    ));
  });
  return { ...declared, address };
}

type Pod = k8s.types.output.core.v1.PodSpec;

function podOf(object: KubernetesObject): Pod {
  const template = object.kind === "CronJob" ? "spec.jobTemplate.spec.template" : "spec.template";
  return at(object, `${template}.spec`) as Pod;
}

function containerOf(object: KubernetesObject, name: string): Pod["containers"][number] {
  const pod = podOf(object);
  const found = [...pod.containers, ...(pod.initContainers ?? [])].find(
    (container) => container.name === name,
  );
  assert.ok(found, `no container ${name}`);
  return found;
}

/** Returns the ConfigMap whose name has this prefix. */
function configMap({ objects }: Declared, start: string): KubernetesObject {
  const found = objects.filter(
    ({ kind, metadata }) => kind === "ConfigMap" && metadata.name.startsWith(start),
  );
  assert.equal(found.length, 1);
  return found[0] as KubernetesObject;
}

describe("Jenkins", () => {
  it("declares its parts and nothing else", async () => {
    const { objects } = await jenkins();
    const all = objects.map(
      ({ kind, metadata: { namespace, name } }) =>
        `${kind} ${namespace ?? "-"}/${name.replace(/-[0-9a-f]{10}$/, "-#")}`,
    );
    assert.deepEqual(all.sort(), [
      "ConfigMap ci/jenkins-init-#",
      "ConfigMap ci/jenkins-jobs",
      "ConfigMap ci/jenkins-plugins-#",
      "ConfigMap ci/jenkins-settings-#",
      "CronJob ci-images/image-cleanup",
      "CronJob ci/jenkins-backup",
      "HTTPRoute ci/jenkins",
      "Namespace -/ci",
      "Namespace -/ci-agents",
      "Namespace -/ci-images",
      "NetworkPolicy ci-agents/jenkins-agents",
      "NetworkPolicy ci-agents/jenkins-release-agents",
      "NetworkPolicy ci-images/default-deny",
      "NetworkPolicy ci-images/image-builder",
      "NetworkPolicy ci-images/image-cleanup",
      "NetworkPolicy ci/default-deny",
      "NetworkPolicy ci/jenkins",
      "NetworkPolicy ci/jenkins-backup",
      "PersistentVolumeClaim ci/jenkins-backup-copies",
      "ResourceQuota ci-agents/jenkins-agents",
      "Role ci-agents/jenkins-agents",
      "RoleBinding ci-agents/jenkins-agents",
      "Secret ci/jenkins",
      "Service ci-images/image-builder",
      "Service ci-images/image-builder-pods",
      "Service ci/jenkins",
      "ServiceAccount ci-agents/jenkins-agent",
      "ServiceAccount ci/jenkins",
      "StatefulSet ci-images/image-builder",
      "StatefulSet ci/jenkins",
    ]);
  });

  it("declares nothing but its address when it exists elsewhere", async () => {
    const address = "https://jenkins.example.com";
    const declared = await jenkins({ external: { address } });
    assert.deepEqual(declared.objects, []);
    assert.equal(declared.address, address);
  });

  it("is served under its host, by default that of its part", async () => {
    const hosts = async (ci: Record<string, unknown>) => {
      const declared = await jenkins(ci);
      const route = declared.object("HTTPRoute", "jenkins");
      const settings = at(configMap(declared, "jenkins-settings"), "data") as Record<
        string,
        string
      >;
      const { unclassified } = parse(settings["settings.yaml"] ?? "") as {
        unclassified: { location: { url: string } };
      };
      return [at(route, "spec.hostnames"), declared.address, unclassified.location.url];
    };
    const address = "https://ci.dev.platform.test";
    assert.deepEqual(await hosts({}), [["ci.dev.platform.test"], address, `${address}/`]);
    assert.deepEqual((await hosts({ host: "build.test" }))[0], ["build.test"]);
  });

  it("is one pod, which keeps its volumes and gets the chance to write down what runs", async () => {
    const controller = (await jenkins({ storageClass: "ceph-rbd", home: "9Gi" })).object(
      "StatefulSet",
      "jenkins",
    );
    assert.equal(at(controller, "spec.replicas"), 1);
    assert.equal(podOf(controller).terminationGracePeriodSeconds, 120);
    const claims = at(
      controller,
      "spec.volumeClaimTemplates",
    ) as k8s.types.output.core.v1.PersistentVolumeClaim[];
    assert.deepEqual(
      claims.map(({ metadata, spec }) => [
        metadata.name,
        spec.storageClassName,
        spec.resources.requests?.["storage"],
      ]),
      [
        ["home", "ceph-rbd", "9Gi"],
        ["backup", "ceph-rbd", "20Gi"],
      ],
    );
  });

  it("reads its settings, jobs and secrets from files", async () => {
    const declared = await jenkins();
    const container = containerOf(declared.object("StatefulSet", "jenkins"), "jenkins");
    const mounts = new Map(container.volumeMounts.map(({ name, mountPath }) => [name, mountPath]));
    const variable = (name: string) => container.env.find((entry) => entry.name === name);
    const files = [`${mounts.get("settings")}/settings.yaml`, `${mounts.get("jobs")}/jobs.yaml`];
    assert.equal(variable("CASC_JENKINS_CONFIG")?.value, files.join(","));
    assert.equal(variable("SECRETS")?.value, mounts.get("secrets"));
    assert.equal(variable("CASC_RELOAD_TOKEN")?.valueFrom?.secretKeyRef?.name, "jenkins");
    const settings = at(configMap(declared, "jenkins-settings"), "data") as Record<string, string>;
    const text = settings["settings.yaml"] ?? "";
    const named = [...text.matchAll(/(?<!\^)\$\{([a-z-]+)\}/g)].map(([, name]) => name);
    const { projected } = podOf(declared.object("StatefulSet", "jenkins")).volumes.find(
      ({ name }) => name === "secrets",
    ) ?? { projected: undefined };
    const there = projected?.sources.flatMap(({ secret }) => secret.items.map(({ path }) => path));
    assert.ok(named.length > 0);
    for (const name of named) assert.ok(there?.includes(name ?? ""), `${name} is in no file`);
  });

  it("mounts the secrets of its login and of git, which people made", async () => {
    const declared = await jenkins({
      login: {
        type: "oidc",
        discovery: "https://login.test/x",
        clientId: "jenkins",
        secret: "jenkins-oidc",
      },
    });
    const volumes = podOf(declared.object("StatefulSet", "jenkins")).volumes;
    const sources = volumes.find(({ name }) => name === "secrets")?.projected?.sources;
    assert.deepEqual(
      sources?.map(({ secret }) => [secret.name, secret.items.map(({ path }) => path)]),
      [
        [
          "jenkins",
          ["admin-user", "trigger-user", "admin-password", "trigger-password", "trigger-token"],
        ],
        ["jenkins-oidc", ["oidc-client-secret"]],
        ["jenkins-git", ["git-username", "git-password"]],
      ],
    );
  });

  it("restarts for other settings, and loads other jobs without", async () => {
    const template = async (ci: Record<string, unknown>, args: Partial<JenkinsArgs> = {}) =>
      at((await jenkins(ci, args)).object("StatefulSet", "jenkins"), "spec.template");
    const jobs = async (args: Partial<JenkinsArgs>) =>
      at((await jenkins({}, args)).object("ConfigMap", "jenkins-jobs"), "data");
    const more = { apps: { shop: shopPipeline, cart: shopPipeline } };
    assert.deepEqual(await template({}, more), await template({}));
    assert.notDeepEqual(await jobs(more), await jobs({}));
    assert.notDeepEqual(await template({ host: "other.test" }), await template({}));
    const declared = await jenkins();
    for (const base of ["jenkins-settings", "jenkins-plugins", "jenkins-init"]) {
      assert.equal(at(configMap(declared, base), "immutable"), true, base);
    }
    assert.equal(at(declared.object("ConfigMap", "jenkins-jobs"), "immutable"), undefined);
  });

  it("mounts one set of plugins, where the installer puts it", async () => {
    const controller = (await jenkins({ pluginMirror: "https://plugins.test" })).object(
      "StatefulSet",
      "jenkins",
    );
    const installer = containerOf(controller, "plugins");
    const set = installer.env.find(({ name }) => name === "SET")?.value;
    assert.match(set ?? "", /^[0-9a-f]{10}$/);
    const mounts = containerOf(controller, "jenkins").volumeMounts;
    const mount = mounts.find(({ mountPath }) => mountPath === "/var/jenkins_home/plugins");
    assert.deepEqual([mount?.name, mount?.subPath], ["home", `plugin-sets/${set}`]);
    assert.equal(installer.volumeMounts[0]?.subPath, "plugin-sets");
  });

  it("fetches plugins from the mirror alone where there is one", async () => {
    // All default addresses of PluginManager in plugin-installation-manager-tool:
    // plugin-management-library/.../Settings.java (update center and plugin information), and the download site of
    // PluginManager.getPluginDownloadUrl.
    const hosts = ["JENKINS_UC", "JENKINS_UC_DOWNLOAD", "JENKINS_PLUGIN_INFO"];
    const addresses = async (ci: Record<string, unknown>) =>
      containerOf((await jenkins(ci)).object("StatefulSet", "jenkins"), "plugins")
        .env.filter(({ name }) => name.startsWith("JENKINS_"))
        .map(({ name, value }) => [name, value]);
    assert.deepEqual(await addresses({}), []);
    const mirrored = Object.fromEntries(
      await addresses({ pluginMirror: "https://plugins.test" }),
    ) as Record<string, string>;
    assert.deepEqual(Object.keys(mirrored).sort(), hosts.sort());
    assert.deepEqual(mirrored, {
      JENKINS_UC: "https://plugins.test",
      JENKINS_UC_DOWNLOAD: "https://plugins.test/download",
      JENKINS_PLUGIN_INFO: "https://plugins.test/plugin-versions.json",
    });
  });

  it("has scrape annotations that match the metrics in its settings", async () => {
    const controller = (await jenkins()).object("StatefulSet", "jenkins");
    const annotations = at(controller, "spec.template.metadata.annotations") as Record<
      string,
      string
    >;
    assert.equal(annotations["prometheus.io/scrape"], "true");
    assert.equal(annotations["prometheus.io/port"], "8080");
    assert.equal(annotations["prometheus.io/path"], "/prometheus/");
  });

  it("has a token for starting builds, in the form that Jenkins takes", async () => {
    const { registrations, ...declared } = await jenkins();
    const random = registrations.find(({ name }) => name === "jenkins-trigger-token");
    assert.deepEqual(random?.inputs, {
      length: 32,
      lower: false,
      upper: false,
      overrideSpecial: "abcdef",
    });
    const secrets = at(declared.object("Secret", "jenkins"), "stringData") as Record<
      string,
      string
    >;
    assert.equal(secrets["trigger-token"], "11random-jenkins-trigger-token");
    assert.equal(new Set(Object.values(secrets)).size, 6);
  });

  it("gives its own users names that no user of an OpenID Connect provider can have", async () => {
    const users = async (login: object) => {
      const { object } = await jenkins({ login });
      const values = at(object("Secret", "jenkins"), "stringData") as Record<string, string>;
      return [values["admin-user"], values["trigger-user"]];
    };
    assert.deepEqual(await users({ type: "local" }), ["admin", "trigger"]);
    const oidc = { type: "oidc", discovery: "https://login.test/x", clientId: "jenkins" };
    assert.deepEqual(await users({ ...oidc, secret: "jenkins-oidc" }), [
      "admin-random-jenkins-admin-user",
      "trigger-random-jenkins-trigger-user",
    ]);
  });

  it("has no secret in a ConfigMap, a variable or an argument", async () => {
    const login = { username: "robot$ci", password: "registry-password-of-the-robot" };
    const { objects } = await jenkins({}, { accounts: { registry: login } });
    const secret = /random-jenkins|registry-password-of-the-robot/;
    const elsewhere = objects.filter(({ kind }) => kind !== "Secret");
    for (const object of elsewhere) {
      assert.doesNotMatch(JSON.stringify(object), secret, `${object.kind} ${object.metadata.name}`);
    }
    const text = JSON.stringify(objects.filter(({ kind }) => kind === "Secret"));
    assert.match(text, secret);
  });

  it("gives agents the login of the registry, where the stack has one", async () => {
    assert.ok(!(await jenkins()).names("Secret").includes("registry-push"));
    const login = { username: "robot$ci", password: "secret" };
    const declared = await jenkins({}, { accounts: { registry: login } });
    const push = declared.object("Secret", "registry-push");
    assert.equal(push.metadata.namespace, "ci-agents");
    assert.equal(push["type"], "kubernetes.io/dockerconfigjson");
    const content = at(push, "stringData") as Record<string, string>;
    const { auths } = JSON.parse(content[".dockerconfigjson"] ?? "") as { auths: object };
    assert.deepEqual(auths, {
      "harbor.test": { ...login, auth: Buffer.from("robot$ci:secret").toString("base64") },
    });
  });

  it("may make agents in their namespace, and nothing anywhere else", async () => {
    const { objects, object } = await jenkins();
    assert.deepEqual(
      objects.filter(({ kind }) => kind.startsWith("Cluster")),
      [],
    );
    assert.deepEqual(at(object("RoleBinding", "jenkins-agents"), "subjects"), [
      { kind: "ServiceAccount", name: "jenkins", namespace: "ci" },
    ]);
    const rules = at(object("Role", "jenkins-agents"), "rules") as { resources: string[] }[];
    assert.deepEqual(
      rules.flatMap(({ resources }) => resources),
      ["pods", "pods/exec", "pods/log", "events"],
    );
  });

  it("limits all agents together", async () => {
    const { object } = await jenkins({ agents: { quota: { cpu: "3", memory: "5Gi", pods: 4 } } });
    assert.deepEqual(at(object("ResourceQuota", "jenkins-agents"), "spec.hard"), {
      "requests.cpu": "3",
      "requests.memory": "5Gi",
      pods: "4",
    });
    const levels = ["ci", "ci-agents", "ci-images"].map(
      (name) => at(object("Namespace", name), "metadata.labels") as Record<string, string>,
    );
    assert.deepEqual(
      levels.map((labels) => labels["pod-security.kubernetes.io/enforce"]),
      ["restricted", "restricted", "privileged"],
    );
  });

  it("lets agents connect to Jenkins, the builders and the outside, and nothing connect to them", async () => {
    const { object } = await jenkins();
    const agents = at(
      object("NetworkPolicy", "jenkins-agents"),
      "spec",
    ) as k8s.types.output.networking.v1.NetworkPolicySpec;
    assert.deepEqual([agents.policyTypes, agents.ingress], [["Ingress", "Egress"], []]);
    const outside = agents.egress
      .flatMap(({ to }) => to ?? [])
      .find(({ ipBlock }) => ipBlock?.cidr === "0.0.0.0/0");
    assert.deepEqual(outside?.ipBlock?.except, ["169.254.0.0/16"]);
    const releasing = at(
      object("NetworkPolicy", "jenkins-release-agents"),
      "spec",
    ) as k8s.types.output.networking.v1.NetworkPolicySpec;
    const { host, port } = new URL(monitoringPrometheus);
    assert.equal(host, `prometheus.monitoring.svc:${port}`);
    assert.deepEqual(releasing.podSelector.matchLabels, { "platform/agent": "platform" });
    assert.deepEqual(releasing.egress[0]?.ports, [{ protocol: "TCP", port: Number(port) }]);
    assert.deepEqual(releasing.egress[0]?.to[0]?.namespaceSelector?.matchLabels, {
      "kubernetes.io/metadata.name": "monitoring",
    });
    const builders = at(
      object("NetworkPolicy", "image-builder"),
      "spec.ingress",
    ) as k8s.types.output.networking.v1.NetworkPolicyIngressRule[];
    assert.deepEqual(builders[0]?.from[0], {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "ci-agents" } },
      podSelector: { matchLabels: { "platform/agent": "image" } },
    });
    assert.equal(builders.length, 1);
  });
});

describe("builders of images", () => {
  it("reach packages and base images, but neither the API server nor a node's credentials", async () => {
    const { podSelector, policyTypes, egress } = at(
      (await jenkins()).object("NetworkPolicy", "image-builder"),
      "spec",
    ) as k8s.types.output.networking.v1.NetworkPolicySpec;
    assert.deepEqual(
      [podSelector.matchLabels["app.kubernetes.io/name"], policyTypes],
      ["image-builder", ["Ingress", "Egress"]],
    );
    assert.ok(egress.length > 0);
    for (const { to, ports } of egress) {
      for (const { ipBlock } of to ?? []) {
        if (ipBlock === undefined) continue;
        const dns = ipBlock.cidr === "169.254.20.10/32";
        assert.ok(dns || ipBlock.except.includes("169.254.0.0/16"), ipBlock.cidr);
        assert.deepEqual(
          ports?.map(({ port, endPort }) => endPort ?? port),
          dns ? [53, 53] : [80, 443, 32_767],
        );
      }
    }
  });

  it("are as many as the stack says, and keep an agent on the daemon whose cache it filled", async () => {
    const { object, names } = await jenkins({ builder: { replicas: 3, cache: "7Gi" } });
    const builders = object("StatefulSet", "image-builder");
    assert.equal(at(builders, "spec.replicas"), 3);
    assert.equal(at(builders, "spec.serviceName"), "image-builder-pods");
    assert.deepEqual(names("PodDisruptionBudget"), ["image-builder"]);
    assert.equal(at(object("Service", "image-builder"), "spec.sessionAffinity"), "ClientIP");
    assert.equal(at(object("Service", "image-builder-pods"), "spec.clusterIP"), "None");
  });

  it("build without root, in a namespace of users of their own", async () => {
    const builders = (await jenkins()).object("StatefulSet", "image-builder");
    const container = containerOf(builders, "buildkitd");
    assert.equal(podOf(builders).securityContext?.runAsUser, 1000);
    assert.equal(container.securityContext?.privileged, undefined);
    assert.deepEqual(container.securityContext?.capabilities, {
      drop: ["ALL"],
      add: ["SETGID", "SETUID"],
    });
  });

  it("are all cleaned once a day", async () => {
    const cleanup = (await jenkins({ builder: { replicas: 2 } })).object(
      "CronJob",
      "image-cleanup",
    );
    assert.equal(at(cleanup, "spec.schedule"), "30 2 * * *");
    assert.deepEqual(containerOf(cleanup, "prune").command?.slice(4), [
      "tcp://image-builder-0.image-builder-pods.ci-images.svc:1234",
      "tcp://image-builder-1.image-builder-pods.ci-images.svc:1234",
    ]);
  });
});

describe("backups of Jenkins", () => {
  it("are copied every hour from Jenkins' volume, on its node", async () => {
    const { object } = await jenkins();
    const copies = object("CronJob", "jenkins-backup");
    assert.equal(at(copies, "spec.schedule"), "30 * * * *");
    const { volumes, affinity } = podOf(copies);
    assert.equal(volumes[0]?.persistentVolumeClaim?.claimName, "backup-jenkins-0");
    const [term] = affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    const labels = at(object("StatefulSet", "jenkins"), "spec.template.metadata.labels") as Record<
      string,
      string
    >;
    for (const [key, value] of Object.entries(term?.labelSelector?.matchLabels ?? {})) {
      assert.equal(labels[key], value);
    }
    assert.equal(term?.topologyKey, "kubernetes.io/hostname");
  });

  it("go to a volume of another class", async () => {
    const target = { type: "volume", storageClass: "nfs", size: "3Gi" };
    const { object } = await jenkins({ backup: { target } });
    assert.equal(
      at(object("PersistentVolumeClaim", "jenkins-backup-copies"), "spec.storageClassName"),
      "nfs",
    );
  });

  it("go to a bucket, with credentials from a file", async () => {
    const target = {
      type: "s3",
      endpoint: "https://s3.test",
      bucket: "backups",
      secret: "jenkins-backup-target",
    };
    const { object, names } = await jenkins({ backup: { target } });
    assert.deepEqual(names("PersistentVolumeClaim"), []);
    const copies = object("CronJob", "jenkins-backup");
    const { env, volumeMounts } = containerOf(copies, "copy");
    const value = (name: string) => env.find((entry) => entry.name === name)?.value;
    assert.equal(value("TARGET"), "target:backups/jenkins");
    assert.equal(value("RCLONE_CONFIG_TARGET_ENDPOINT"), "https://s3.test");
    const folder = volumeMounts.find(({ name }) => name === "target")?.mountPath;
    assert.equal(value("AWS_SHARED_CREDENTIALS_FILE"), `${folder}/credentials`);
    assert.equal(podOf(copies).volumes[2]?.secret?.secretName, "jenkins-backup-target");
  });
});

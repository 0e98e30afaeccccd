import assert from "node:assert/strict";
import { workloads } from "../../../support/workloads";
import { at } from "../../../support/declare";
import { large, logging, pod } from "./declared";

describe("Logging: secrets and rights", () => {
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

  it("gives Kafka users and TLS only if configured", async () => {
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

  it("reads the nodes' files with an SELinux type if the stack names one", async () => {
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

  it("creates certificates with a Job that may access only their Secret, unless the stack provides them", async () => {
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

  it("denies every connection except those that its parts need, at both ends", async () => {
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
});

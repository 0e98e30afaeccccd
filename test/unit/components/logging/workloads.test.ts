import assert from "node:assert/strict";
import { parse } from "yaml";
import { blockStorageClass } from "../../../../config/storage-class";
import { workloads } from "../../../support/workloads";
import { at } from "../../../support/declare";
import { large, logging, pod, file } from "./declared";

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

  it("gives Elasticsearch half of its memory as heap, and equal request and limit", async () => {
    const [container] = pod(await logging(large), "StatefulSet", "elasticsearch").containers;
    assert.equal(container?.resources.requests["memory"], "32Gi");
    assert.equal(container?.resources.limits["memory"], "32Gi");
    const heap = container?.env.find(({ name }) => name === "ES_JAVA_OPTS")?.value;
    assert.equal(heap, "-Xms16384m -Xmx16384m");
  });

  it("claims disks of the computed size and the configured StorageClass", async () => {
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

  it("lets no node bootstrap a cluster once there is one, and uses memory maps where they work", async () => {
    const declared = await logging({ ...large, elasticsearch: { memoryMap: true, formed: true } });
    const yaml = parse(file(declared, "elasticsearch", "elasticsearch.yml")) as object;
    assert.ok(!("cluster.initial_master_nodes" in yaml));
    assert.equal((yaml as Record<string, unknown>)["node.store.allow_mmap"], true);
  });

  it("spreads copies over zones if pods know theirs", async () => {
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

  it("injects no Service addresses, which Kafka and Kibana would read as settings", async () => {
    for (const { title, pod: spec } of workloads((await logging(large)).objects)) {
      assert.equal(spec.enableServiceLinks, false, title);
    }
  });
});

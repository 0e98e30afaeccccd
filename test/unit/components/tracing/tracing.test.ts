import assert from "node:assert/strict";
import { parse } from "yaml";
import { Tracing, tempoUrl } from "../../../../components/tracing";
import { tempoSource } from "../../../../components/tracing/data-source";
import { collectorEndpoint } from "../../../../config";
import { tracing as schema } from "../../../../config/components/tracing";
import { at, declare, type Declared } from "../../../support/declare";
import { podOf } from "../../../support/shop";

function tracing(
  config: object = {},
  context: { imageSource?: { mirror: string } } = {},
): Promise<Declared> {
  return declare((provider) => {
    new Tracing(
      "tracing",
      { context: { environment: "dev", ...context }, config: schema.parse(config) },
      { provider },
    );
  });
}

interface Container {
  image: string;
  args: string[];
  env: { name: string; value?: string }[];
  ports: { name: string; containerPort: number }[];
  resources: { limits: { memory: string } };
}

function containerOf(declared: Declared, kind: string, name: string): Container {
  const path = "spec.template.spec.containers";
  const [container] = at(declared.object(kind, name), path) as Container[];
  assert.ok(container);
  return container;
}

/** Returns the configuration that a workload mounts. */
function configOf(declared: Declared, kind: string, name: string): object {
  const volumes = at(declared.object(kind, name), "spec.template.spec.volumes") as {
    configMap?: { name: string };
  }[];
  const map = volumes.find(({ configMap }) => configMap !== undefined)?.configMap?.name ?? "";
  const data = declared.object("ConfigMap", map)["data"] as Record<string, string>;
  const [text = ""] = Object.values(data);
  return parse(text) as object;
}

function portsOf(declared: Declared, service: string): Record<string, number> {
  const list = at(declared.object("Service", service), "spec.ports") as {
    name: string;
    port: number;
  }[];
  return Object.fromEntries(list.map(({ name, port }) => [name, port]));
}

describe("Tracing", () => {
  it("receives spans on every node, and sends none to another node's agent", async () => {
    const declared = await tracing();
    const service = declared.object("Service", "otel-agent");
    assert.equal(at(service, "spec.internalTrafficPolicy"), "Local");
    const pod = at(declared.object("DaemonSet", "otel-agent"), "spec.template.spec") as object;
    assert.deepEqual(at(pod, "tolerations"), [{ operator: "Exists" }]);
    assert.equal(at(pod, "hostNetwork"), undefined);
  });

  it("is reached by apps at the address that they get", async () => {
    const { host, hostname, port } = new URL(collectorEndpoint);
    const [service = "", namespace] = hostname.split(".");
    const declared = await tracing();
    assert.equal(declared.object("Service", service).metadata.namespace, namespace, host);
    assert.equal(portsOf(declared, service)["http"], Number(port));
  });

  it("listens on the ports of its Services", async () => {
    const declared = await tracing();
    for (const [kind, name] of [
      ["DaemonSet", "otel-agent"],
      ["Deployment", "otel-gateway"],
      ["StatefulSet", "tempo"],
    ] as const) {
      const { ports } = containerOf(declared, kind, name);
      const config = configOf(declared, kind, name);
      const receiver = kind === "StatefulSet" ? "distributor.receivers" : "receivers";
      const protocols = at(config, `${receiver}.otlp.protocols`) as Record<
        string,
        { endpoint: string }
      >;
      for (const [protocol, { endpoint }] of Object.entries(protocols)) {
        const port = ports.find((it) => it.name === protocol)?.containerPort;
        assert.equal(endpoint, `0.0.0.0:${port}`);
        assert.equal(portsOf(declared, name)[protocol], port);
      }
    }
    assert.equal(tempoUrl, `http://tempo.tracing.svc:${portsOf(declared, "tempo")["http"]}`);
    assert.equal(tempoSource.url, tempoUrl);
  });

  it("sends all spans of a trace to one sampling collector, and it to Tempo", async () => {
    const declared = await tracing({ gateway: { replicas: 3 } });
    const exporter = at(configOf(declared, "DaemonSet", "otel-agent"), "exporters.load_balancing");
    assert.equal(at(exporter as object, "routing_key"), "traceID");
    assert.deepEqual(at(exporter as object, "resolver.dns"), {
      hostname: "otel-gateway.tracing.svc.cluster.local",
      port: String(portsOf(declared, "otel-gateway")["grpc"]),
    });
    // A cluster IP would hide the number of collectors.
    assert.equal(at(declared.object("Service", "otel-gateway"), "spec.clusterIP"), "None");
    assert.equal(
      at(configOf(declared, "Deployment", "otel-gateway"), "exporters.otlp_grpc.endpoint"),
      `tempo.tracing.svc.cluster.local:${portsOf(declared, "tempo")["grpc"]}`,
    );
  });

  it("sees only the pods of its node, and no Secrets", async () => {
    const declared = await tracing();
    const config = configOf(declared, "DaemonSet", "otel-agent");
    assert.equal(at(config, "processors.k8s_attributes.filter.node_from_env_var"), "NODE_NAME");
    assert.deepEqual(declared.object("ClusterRole", "otel-agent")["rules"], [
      {
        apiGroups: [""],
        resources: ["namespaces", "nodes", "pods"],
        verbs: ["get", "list", "watch"],
      },
      { apiGroups: ["apps"], resources: ["replicasets"], verbs: ["get", "list", "watch"] },
    ]);
    for (const [kind, name] of [
      ["Deployment", "otel-gateway"],
      ["StatefulSet", "tempo"],
    ] as const) {
      const path = "spec.template.spec.automountServiceAccountToken";
      assert.equal(at(declared.object(kind, name), path), false);
    }
  });

  it("keeps traces for the configured time, on a volume with an optional class", async () => {
    const declared = await tracing({
      tempo: { retention: "3d", storage: "50Gi", storageClass: "block" },
    });
    const config = configOf(declared, "StatefulSet", "tempo");
    assert.equal(at(config, "compactor.compaction.block_retention"), "259200s");
    const [claim] = at(
      declared.object("StatefulSet", "tempo"),
      "spec.volumeClaimTemplates",
    ) as object[];
    assert.deepEqual(at(claim ?? {}, "spec"), {
      accessModes: ["ReadWriteOnce"],
      storageClassName: "block",
      resources: { requests: { storage: "50Gi" } },
    });
  });

  it("starts new pods only for a changed configuration", async () => {
    const name = (declared: Declared, kind: string, workload: string) => {
      const path = "spec.template.spec.volumes";
      return JSON.stringify(at(declared.object(kind, workload), path));
    };
    const [before, after] = [await tracing(), await tracing({ sampling: { percent: 50 } })];
    assert.notEqual(
      name(before, "Deployment", "otel-gateway"),
      name(after, "Deployment", "otel-gateway"),
    );
    assert.equal(name(before, "DaemonSet", "otel-agent"), name(after, "DaemonSet", "otel-agent"));
  });

  it("sets Go's memory limit", async () => {
    const declared = await tracing();
    const { env, resources } = containerOf(declared, "DaemonSet", "otel-agent");
    assert.equal(resources.limits.memory, "256Mi");
    assert.equal(env.find(({ name }) => name === "GOMEMLIMIT")?.value, "204MiB");
  });
});

describe("an app's traces", () => {
  const variables = async (fields: object) => {
    const { container } = await podOf({ ...fields });
    return Object.fromEntries(
      (container.env ?? [])
        .filter(({ name }) => name.startsWith("OTEL_"))
        .map(({ name, value }) => [name, value]),
    );
  };

  it("go where its template says, with its own name and version", async () => {
    assert.deepEqual(await variables({ tracesEndpoint: collectorEndpoint }), {
      OTEL_EXPORTER_OTLP_ENDPOINT: collectorEndpoint,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
      OTEL_SERVICE_NAME: "shop",
      OTEL_RESOURCE_ATTRIBUTES: "service.version=1.4.2",
    });
  });

  it("go nowhere without it, and the app's own variables take precedence", async () => {
    assert.deepEqual(await variables({}), {});
    const own = { env: { OTEL_SERVICE_NAME: "web" }, tracesEndpoint: collectorEndpoint };
    assert.equal((await variables(own))["OTEL_SERVICE_NAME"], "web");
  });
});

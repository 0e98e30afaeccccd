import assert from "node:assert/strict";
import { parse } from "yaml";
import { grafana } from "../../../../components/monitoring/grafana";
import { tempoUrl } from "../../../../components/tracing";
import { at, declare } from "../../../support/declare";
import { partConfig } from "../../../support/part-config";
import { monitoring, pod, container, file } from "./declared";

describe("Grafana", () => {
  it("has one pod, which ends before the next begins", async () => {
    const spec = (await monitoring()).object("Deployment", "grafana");
    assert.equal(at(spec, "spec.replicas"), 1);
    assert.deepEqual(at(spec, "spec.strategy"), { type: "Recreate" });
  });

  it("identifies its data sources by fixed uids, including those of other parts", async () => {
    const declared = await monitoring(
      { prometheus: { scrapeInterval: "15s" } },
      { parts: { tracing: { namespace: "tracing" } } },
    );
    const { datasources } = parse(file(declared, "grafana-provisioning", "datasources.yaml")) as {
      datasources: { uid: string; url: string; isDefault: boolean; jsonData: object }[];
    };
    assert.deepEqual(
      datasources.map(({ uid, url, isDefault }) => [uid, url, isDefault]),
      [
        ["prometheus", "http://prometheus.monitoring.svc:9090", true],
        ["alertmanager", "http://alertmanager.monitoring.svc:9093", false],
        ["tempo", tempoUrl, false],
      ],
    );
    assert.equal(at(datasources[0]?.jsonData ?? {}, "timeInterval"), "15s");
    for (const name of ["prometheus", "alertmanager"]) declared.object("Service", name);
  });

  it("reads the dashboards from their mount, without a restart", async () => {
    const declared = await monitoring();
    const names = declared
      .names("ConfigMap")
      .filter((name) => name.startsWith("grafana-dashboard-"));
    assert.ok(names.includes("grafana-dashboard-platform-nodes"));
    const { uid } = JSON.parse(
      file(declared, "grafana-dashboard-platform-nodes", "platform-nodes.json"),
    ) as {
      uid: string;
    };
    assert.equal(uid, "platform-nodes");
    assert.equal(
      declared.object("ConfigMap", "grafana-dashboard-platform-nodes")["immutable"],
      undefined,
    );
    const providers = parse(file(declared, "grafana-provisioning", "dashboards.yaml")) as object;
    const path = at(providers, "providers.0.options.path");
    const mount = container(declared, "Deployment", "grafana").volumeMounts.find(
      ({ mountPath }) => mountPath === path,
    );
    const volume = pod(declared, "Deployment", "grafana").volumes.find(
      ({ name }) => name === mount?.name,
    );
    const mounted = volume?.projected.sources.map(({ configMap }) => configMap?.name);
    assert.deepEqual(mounted?.sort(), names);
  });

  it("starts without any dashboard", async () => {
    const declared = await declare((parent) => {
      const part = { name: "monitoring", namespace: "monitoring", parent };
      const { grafana: config } = partConfig("monitoring");
      grafana(
        { ...part, context: { environment: "dev" }, policies: [] },
        { config, dataSources: [], dashboards: {}, url: "http://grafana.platform.test/" },
      );
    });
    const { volumes } = pod(declared, "Deployment", "grafana");
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

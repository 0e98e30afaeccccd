import assert from "node:assert/strict";
import { presets } from "../../../../config";
import type { PresetName } from "../../../../versions/app-runtimes";
import { at } from "../../../support/declare";
import { podOf, shop, template } from "../../../support/shop";

/** Returns the size limit of an emptyDir. */
function sizeLimit(emptyDir: object | undefined): unknown {
  return emptyDir === undefined ? undefined : Reflect.get(emptyDir, "sizeLimit");
}

describe("an app's containers (R17)", () => {
  it("image and version: the tag is the version", async () => {
    const { container } = await podOf({});
    assert.equal(container.image, "harbor.platform.test/shop/shop:1.4.2");
  });

  it("port, env and resources: the app's own take precedence over the preset's", async () => {
    const resources = {
      requests: { cpu: "1", memory: "1Gi" },
      limits: { cpu: "2", memory: "2Gi" },
    };
    const { container } = await podOf({
      preset: "node",
      port: 3000,
      env: { NODE_ENV: "test" },
      resources,
    });
    assert.deepEqual(container.ports?.[0]?.containerPort, 3000);
    assert.deepEqual(
      container.env?.find(({ name }) => name === "NODE_ENV"),
      { name: "NODE_ENV", value: "test" },
    );
    assert.deepEqual(container.resources, {
      requests: { ...resources.requests, "ephemeral-storage": "64Mi" },
      limits: { ...resources.limits, "ephemeral-storage": "512Mi" },
    });
  });

  it("disk: a pod may write as much as its /tmp and its log need, and no more", async () => {
    const disk = async (fields: Record<string, unknown>) => {
      const { pod, container } = await podOf(fields);
      const tmp = pod.volumes.find(({ name }) => name === "tmp")?.emptyDir;
      const { limits } = container.resources as { limits: Record<string, string> };
      return [sizeLimit(tmp), limits["ephemeral-storage"]];
    };
    assert.deepEqual(await disk({}), ["256Mi", "512Mi"]);
    assert.deepEqual(await disk({ preset: "java-tomcat" }), ["2Gi", "2304Mi"]);
    assert.deepEqual(await disk({ tmp: "1Gi", readOnlyRootFilesystem: false }), ["1Gi", "3072Mi"]);
    const resources = {
      requests: { cpu: "1", memory: "1Gi", "ephemeral-storage": "10Gi" },
      limits: { cpu: "1", memory: "1Gi" },
    };
    assert.deepEqual(await disk({ resources }), ["256Mi", "10240Mi"]);
  });

  it("disk: every volume that ends with a pod has a limit", async () => {
    for (const preset of Object.keys(presets) as PresetName[]) {
      const { pod } = await podOf({ preset });
      for (const { name, emptyDir } of pod.volumes) {
        if (emptyDir !== undefined) assert.ok(sizeLimit(emptyDir), `${preset} ${name}`);
      }
    }
  });

  for (const preset of Object.keys(presets) as PresetName[]) {
    it(`preset ${preset}: has a port, probes, requests and limits`, async () => {
      const { pod } = await podOf({ preset });
      for (const container of pod.containers) {
        assert.ok(container.ports?.[0]?.containerPort, container.name);
        for (const probe of ["readinessProbe", "livenessProbe", "startupProbe"] as const) {
          assert.ok(container[probe], `${container.name} has no ${probe}`);
        }
        assert.deepEqual(Object.keys(container.resources).sort(), ["limits", "requests"]);
      }
    });
  }

  it("preset java-tomcat: the heap follows the memory limit", async () => {
    const { container } = await podOf({ preset: "java-tomcat" });
    const options = container.env?.find(({ name }) => name === "JAVA_TOOL_OPTIONS")?.value;
    assert.match(options ?? "", /-XX:MaxRAMPercentage=70/);
  });

  it("preset php-fpm: nginx takes the requests and hands them to PHP-FPM", async () => {
    const { pod } = await podOf({ preset: "php-fpm", port: 8081 });
    assert.deepEqual(
      pod.containers.map(({ name, ports }) => [name, ports?.[0]?.containerPort]),
      [
        ["shop", 9000],
        ["nginx", 8081],
      ],
    );
    const declared = await shop({
      releases: [
        {
          name: "shop-1-4-2",
          key: "1.4.2",
          version: "1.4.2",
          template: template({ preset: "php-fpm" }),
        },
      ],
    });
    const [configMap] = declared.objects.filter(({ kind }) => kind === "ConfigMap");
    const { "default.conf": nginx } = configMap?.["data"] as Record<string, string>;
    assert.match(nginx ?? "", /listen 8080;/);
    assert.match(nginx ?? "", /fastcgi_pass 127\.0\.0\.1:9000;/);
  });

  it("probes: by path, port or command, each with its timing", async () => {
    const { container } = await podOf({
      probes: {
        readiness: { path: "/ready", periodSeconds: 3 },
        liveness: { tcp: true, failureThreshold: 9 },
        startup: { command: ["/bin/started"], timeoutSeconds: 4 },
      },
    });
    assert.deepEqual(container.readinessProbe, {
      httpGet: { path: "/ready", port: "http" },
      periodSeconds: 3,
    });
    assert.deepEqual(container.livenessProbe, {
      tcpSocket: { port: "http" },
      failureThreshold: 9,
    });
    assert.deepEqual(container.startupProbe, {
      exec: { command: ["/bin/started"] },
      timeoutSeconds: 4,
    });
  });

  it("config files: two with one name in different folders do not conflict", async () => {
    const { container } = await podOf({
      configFiles: { "/etc/a/x.yaml": "a", "/etc/b/x.yaml": "b" },
    });
    const mounted = container.volumeMounts?.filter(({ name }) => name === "files") ?? [];
    assert.deepEqual(
      mounted.map(({ mountPath, readOnly }) => [mountPath, readOnly]),
      [
        ["/etc/a/x.yaml", true],
        ["/etc/b/x.yaml", true],
      ],
    );
    assert.equal(new Set(mounted.map((mount) => JSON.stringify(mount))).size, 2);
  });

  it("secrets: by reference only, as variables and as folders", async () => {
    const { pod, container } = await podOf({
      secretEnv: { DB_PASSWORD: { secret: "shop-db", key: "password" } },
      secretFiles: { "/etc/shop/tls": "shop-tls" },
    });
    assert.deepEqual(
      container.env?.find(({ name }) => name === "DB_PASSWORD"),
      {
        name: "DB_PASSWORD",
        valueFrom: { secretKeyRef: { name: "shop-db", key: "password" } },
      },
    );
    assert.ok(pod.volumes.some(({ secret }) => at(secret ?? {}, "secretName") === "shop-tls"));
  });

  it("log directories: of the node, by environment, kind, domain and pod (R15)", async () => {
    const { pod, container } = await podOf({ logDirectories: { tomcatlogs: "/opt/tomcat/logs" } });
    assert.deepEqual(
      pod.volumes.find(({ name }) => name === "tomcatlogs"),
      {
        name: "tomcatlogs",
        hostPath: { path: "/data/nodelogs/dev/tomcatlogs/shop.platform.test", type: "Directory" },
      },
    );
    assert.deepEqual(
      container.volumeMounts?.find(({ name }) => name === "tomcatlogs"),
      { name: "tomcatlogs", mountPath: "/opt/tomcat/logs", subPathExpr: "$(POD_NAME)" },
    );
    assert.equal(container.env?.[0]?.name, "POD_NAME");
  });

  it("env and secretEnv: the app's own replace the preset's and tracing's", async () => {
    const secret = { secret: "shop", key: "value" };
    const { container } = await podOf({
      preset: "node",
      tracesEndpoint: "http://collector.test:4318",
      env: { OTEL_SERVICE_NAME: "till", A: "b" },
      secretEnv: { NODE_ENV: secret, OTEL_RESOURCE_ATTRIBUTES: secret, A: secret },
    });
    const env = container.env ?? [];
    assert.equal(new Set(env.map(({ name }) => name)).size, env.length);
    const of = (name: string) => env.filter((it) => it.name === name);
    const byKey = { secretKeyRef: { name: "shop", key: "value" } };
    for (const name of ["NODE_ENV", "OTEL_RESOURCE_ATTRIBUTES", "A"]) {
      assert.deepEqual(of(name), [{ name, valueFrom: byKey }]);
    }
    assert.deepEqual(of("OTEL_SERVICE_NAME"), [{ name: "OTEL_SERVICE_NAME", value: "till" }]);
  });

  it("hooks: start runs after the container starts; stop runs after the gateway stops sending requests (R13)", async () => {
    const { container } = await podOf({
      hooks: { start: ["/hooks/start"], stop: ["/hooks/stop"] },
    });
    assert.deepEqual(container.lifecycle, {
      postStart: { exec: { command: ["/hooks/start"] } },
      preStop: {
        exec: { command: ["/bin/sh", "-c", 'sleep 10 && exec "$@"', "stop", "/hooks/stop"] },
      },
    });
  });

  it("sidecars restart with the pod's life; init containers run to their end", async () => {
    const { pod } = await podOf({
      sidecars: { proxy: { image: "docker.io/envoyproxy/envoy:v1.35.0" } },
      initContainers: [
        { name: "migrate", image: "harbor.platform.test/shop/tool:1", command: ["up"] },
      ],
    });
    assert.deepEqual(
      pod.initContainers.map(({ name, restartPolicy, command }) => [name, restartPolicy, command]),
      [
        ["proxy", "Always", undefined],
        ["migrate", undefined, ["up"]],
      ],
    );
  });

  it("read-only root: on by default, with a writable /tmp", async () => {
    const { container } = await podOf({});
    assert.equal(container.securityContext.readOnlyRootFilesystem, true);
    assert.ok(container.volumeMounts?.some(({ mountPath }) => mountPath === "/tmp"));
    const writable = await podOf({ readOnlyRootFilesystem: false });
    assert.equal(writable.container.securityContext.readOnlyRootFilesystem, false);
  });
});

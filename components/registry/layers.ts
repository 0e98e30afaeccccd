import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { HarborConfig } from "../../config";
import { immutableConfigMap } from "../shared/config-map";
import { environmentVariables, type SecretKey } from "../shared/environment";
import { objectLabels } from "../shared/labels";
import { podsOf } from "../shared/network-policy";
import type { PartContainer, PodVolume } from "../shared/pod-template";
import { ports, registryConfig, registryControllerConfig } from "./config-files";
import type { RedisConnection } from "./connections";
import type { HarborSecrets } from "./secrets";
import { sizes } from "./sizes";
import { toRedis, toStore, toWorkload } from "./network";
import { deployment, type HarborContext } from "./workload";

const name = "harbor-registry";

/** Arguments of {@link layers}. */
export interface LayersArgs {
  /** Settings of the storage and Redis from the stack's config. */
  config: Pick<HarborConfig, "storage" | "redis">;
  /** Connection to Redis. */
  redis: RedisConnection;
  /** Harbor's Secrets. */
  secrets: HarborSecrets;
}

/** Declares the registry of layers, with the registry controller, which deletes layers, in the same pod. */
export function layers(args: LayersArgs, context: HarborContext): k8s.apps.v1.Deployment {
  const { config: harbor, redis, secrets } = args;
  const { storage } = harbor;
  const volumes = storage.type === "volume" ? [declareLayersVolume(storage, context)] : [];
  const { name: config, configMap } = immutableConfigMap(context.part, name, {
    data: {
      "config.yml": registryConfig(storage, redis),
      "controller.yml": registryControllerConfig(),
    },
  });
  return deployment(
    {
      name,
      trustsAuthority: true,
      containers: [registry(args), controller(args)],
      volumes: [
        { name: "config", projected: { sources: settings(config, secrets.internal.name) } },
        {
          name: "controller",
          configMap: { name: config, items: [{ key: "controller.yml", path: "config.yml" }] },
        },
        ...volumes,
      ],
      servicePorts: {
        registry: [ports.registry, ports.registry],
        controller: [ports.http, ports.http],
      },
      metrics: true,
      secrets: [secrets.internal, redis],
      network: {
        ingress: [
          {
            from: ["core", "jobservice"].map((name) => podsOf(`harbor-${name}`)),
            ports: [ports.registry, ports.http],
          },
        ],
        egress: [...toRedis(harbor), ...toStore(harbor), ...toWorkload("harbor-core", ports.http)],
      },
      dependsOn: [configMap, ...redis.resources],
    },
    { replicas: context.replicas, singleWriter: storage.type === "volume" && !storage.shared },
    context,
  );
}

function registry({ config: { storage }, redis, secrets }: LayersArgs): PartContainer {
  const root = { httpGet: { path: "/", port: ports.registry } };
  return {
    name: "registry",
    image: "harborRegistry",
    writableRoot: true,
    env: environmentVariables({
      REGISTRY_HTTP_SECRET: { secret: secrets.internal.name, key: "registry-http-secret" },
      ...storageKeys(storage),
      REGISTRY_REDIS_PASSWORD: redis.password,
    }),
    ports: [
      { name: "registry", containerPort: ports.registry },
      { name: "metrics", containerPort: ports.metrics },
    ],
    livenessProbe: { ...root, periodSeconds: 10, failureThreshold: 6 },
    readinessProbe: { ...root, periodSeconds: 10 },
    resources: sizes.registry,
    volumeMounts: mounts(storage),
  };
}

function controller({ config: { storage }, redis, secrets }: LayersArgs): PartContainer {
  const health = { httpGet: { path: "/api/health", port: ports.http } };
  return {
    name: "registryctl",
    image: "harborRegistryController",
    writableRoot: true,
    env: environmentVariables({
      CORE_SECRET: { secret: secrets.internal.name, key: "core-secret" },
      JOBSERVICE_SECRET: { secret: secrets.internal.name, key: "jobservice-secret" },
      ...storageKeys(storage),
      REGISTRY_REDIS_PASSWORD: redis.password,
    }),
    ports: [{ name: "controller", containerPort: ports.http }],
    livenessProbe: { ...health, periodSeconds: 10, failureThreshold: 6 },
    readinessProbe: { ...health, periodSeconds: 10 },
    resources: sizes.registryController,
    volumeMounts: [
      ...mounts(storage),
      { name: "controller", mountPath: "/etc/registryctl", readOnly: true },
    ],
  };
}

function storageKeys(storage: HarborConfig["storage"]): Record<string, SecretKey> {
  if (storage.type === "volume") return {};
  const { secret } = storage;
  return {
    REGISTRY_STORAGE_S3_ACCESSKEY: { secret, key: "accessKey" },
    REGISTRY_STORAGE_S3_SECRETKEY: { secret, key: "secretKey" },
  };
}

function mounts(storage: HarborConfig["storage"]): k8s.types.input.core.v1.VolumeMount[] {
  const config = { name: "config", mountPath: "/etc/registry", readOnly: true };
  return storage.type === "volume" ? [config, { name: "layers", mountPath: "/storage" }] : [config];
}

function settings(
  config: string,
  internal: pulumi.Input<string>,
): k8s.types.input.core.v1.VolumeProjection[] {
  return [
    { configMap: { name: config, items: [{ key: "config.yml", path: "config.yml" }] } },
    { secret: { name: internal, items: [{ key: "passwd", path: "passwd" }] } },
  ];
}

function declareLayersVolume(
  storage: { size: string; class?: string; shared: boolean },
  { part: { namespace, parent } }: HarborContext,
): PodVolume {
  const claim = new k8s.core.v1.PersistentVolumeClaim(
    name,
    {
      metadata: {
        name,
        namespace,
        labels: objectLabels(name, "registry"),
        // A class that waits for the first consumer binds the claim only with the pod, so Pulumi must not wait for it.
        annotations: { "pulumi.com/skipAwait": "true" },
      },
      spec: {
        accessModes: [storage.shared ? "ReadWriteMany" : "ReadWriteOnce"],
        storageClassName: storage.class,
        resources: { requests: { storage: storage.size } },
      },
    },
    { parent },
  );
  return { name: "layers", persistentVolumeClaim: { claimName: claim.metadata.name } };
}

import type { TracingConfig } from "../../config";
import { immutableConfigMap } from "../shared/config-map";
import type { Part } from "../shared/context";
import { podsIn, podsOf } from "../shared/network-policy";
import { scratch, type PartContainer } from "../shared/pod-template";
import { statefulSet } from "../shared/workload";
import { yaml } from "./collector-pod";
import { gatewayName } from "./gateway";
import { tempoConfig, tempoFolder, tempoName, tempoPorts } from "./tempo-config";

const configFolder = "/conf";
const configFile = "tempo.yaml";

/** User ID of the image. */
const tempoUser = 10_001;

/** Declares Tempo as a single process, which stores traces and queries them. */
export function tempo(part: Part, args: TracingConfig["tempo"]): void {
  const { retention, storage, storageClass } = args;
  const data = { [configFile]: yaml(tempoConfig(retention)) };
  const config = immutableConfigMap(part, tempoName, { data });
  const { http, grpc } = tempoPorts;
  statefulSet(part, {
    name: tempoName,
    replicas: 1,
    serviceName: tempoName,
    user: tempoUser,
    ownsVolumes: "large",
    containers: [container(args.resources)],
    volumes: [{ name: "config", configMap: { name: config.name } }, scratch("tmp", "64Mi")],
    claims: [{ name: "data", size: storage, storageClass }],
    metrics: { port: http, path: "/metrics" },
    // Time to write its memory to the volume.
    spec: { terminationGracePeriodSeconds: 120 },
    // There is one pod, so a headless Service suffices.
    service: { ports: { http, grpc }, headless: true },
    network: {
      ingress: [
        { from: [podsOf(gatewayName)], ports: [grpc] },
        { from: [podsIn("monitoring", "grafana")], ports: [http] },
      ],
    },
    dependsOn: [config.configMap],
  });
}

function container(resources: TracingConfig["tempo"]["resources"]): PartContainer {
  const probe = (path: string) => ({ httpGet: { path, port: "http" } });
  return {
    name: tempoName,
    image: "tempo",
    args: [`-config.file=${configFolder}/${configFile}`, "-target=all"],
    ports: [
      { name: "http", containerPort: tempoPorts.http },
      { name: "grpc", containerPort: tempoPorts.grpc },
    ],
    // It replays its write-ahead log before it is ready.
    startupProbe: { ...probe("/ready"), periodSeconds: 5, failureThreshold: 60 },
    // An endpoint that does not depend on the ring: a restart would not help a Tempo that waits for its ring.
    livenessProbe: { ...probe("/status/version"), periodSeconds: 10, failureThreshold: 12 },
    readinessProbe: { ...probe("/ready"), periodSeconds: 5, failureThreshold: 3 },
    resources,
    volumeMounts: [
      { name: "config", mountPath: configFolder, readOnly: true },
      { name: "data", mountPath: tempoFolder },
      { name: "tmp", mountPath: "/tmp" },
    ],
  };
}

import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { TracingConfig } from "../../config";
import { immutableConfigMap } from "../shared/config-map";
import { imageReference, images } from "../shared/images";
import { selectorLabels } from "../shared/labels";
import { platformPlacement } from "../shared/placement";
import {
  containerSecurityContext,
  ownsLargeVolumes,
  scraped,
  withoutApiAccess,
} from "../shared/pods";
import { declareService } from "../shared/service";
import { labelsOf, yaml, type Common } from "./collector-pod";
import { tempoConfig, tempoFolder, tempoPorts } from "./tempo-config";

/** Arguments of {@link tempo}. */
export type TempoArgs = Common & TracingConfig["tempo"];

/** Name of Tempo's Service. */
export const tempoName = "tempo";

const labels = labelsOf(tempoName);
const selector = selectorLabels(tempoName);
const configFolder = "/conf";
const configFile = "tempo.yaml";

/** The user that the image is made for. */
const tempoUser = 10_001;

/** Tempo in one process, which stores traces and finds them again. */
export function tempo(args: TempoArgs, parent: pulumi.Resource): void {
  const { namespace, retention, storage, storageClass } = args;
  const metadata = { name: tempoName, namespace, labels };
  const data = { [configFile]: yaml(tempoConfig(retention)) };
  const config = immutableConfigMap(tempoName, { namespace, labels, data }, parent);
  const service = declareService(
    tempoName,
    {
      metadata,
      spec: {
        selector,
        ports: [
          { name: "http", port: tempoPorts.http, targetPort: "http" },
          { name: "grpc", port: tempoPorts.grpc, targetPort: "grpc" },
        ],
      },
    },
    { parent },
  );
  new k8s.apps.v1.StatefulSet(
    tempoName,
    {
      metadata,
      spec: {
        replicas: 1,
        serviceName: service.metadata.name,
        selector: { matchLabels: selector },
        template: {
          metadata: {
            labels: { ...labels, ...selector },
            annotations: scraped(tempoPorts.http, "/metrics"),
          },
          spec: podSpec(args, config.name),
        },
        volumeClaimTemplates: [
          {
            metadata: { name: "data" },
            spec: {
              accessModes: ["ReadWriteOnce"],
              ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
              resources: { requests: { storage } },
            },
          },
        ],
      },
    },
    { parent, dependsOn: [config.configMap] },
  );
}

function podSpec(
  { resources, imageMirror, placement }: TempoArgs,
  config: string,
): k8s.types.input.core.v1.PodSpec {
  const probe = { httpGet: { path: "/ready", port: "http" } };
  return {
    ...withoutApiAccess,
    securityContext: ownsLargeVolumes(tempoUser),
    // It writes what it holds in memory to its volume before it ends.
    terminationGracePeriodSeconds: 120,
    ...platformPlacement(placement),
    containers: [
      {
        name: tempoName,
        image: imageReference(images.tempo, imageMirror),
        args: [`-config.file=${configFolder}/${configFile}`, "-target=all"],
        ports: [
          { name: "http", containerPort: tempoPorts.http },
          { name: "grpc", containerPort: tempoPorts.grpc },
        ],
        // It reads its write-ahead log before it is ready.
        startupProbe: { ...probe, periodSeconds: 5, failureThreshold: 60 },
        livenessProbe: { ...probe, periodSeconds: 10, failureThreshold: 12 },
        readinessProbe: { ...probe, periodSeconds: 5, failureThreshold: 3 },
        resources,
        securityContext: { ...containerSecurityContext, readOnlyRootFilesystem: true },
        volumeMounts: [
          { name: "config", mountPath: configFolder, readOnly: true },
          { name: "data", mountPath: tempoFolder },
          { name: "tmp", mountPath: "/tmp" },
        ],
      },
    ],
    volumes: [
      { name: "config", configMap: { name: config } },
      { name: "tmp", emptyDir: {} },
    ],
  };
}

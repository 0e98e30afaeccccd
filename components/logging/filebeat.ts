import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { immutableConfigMap } from "../shared/config-map";
import { imageReference, images } from "../shared/images";
import { selectorLabels } from "../shared/labels";
import { priority } from "../shared/placement";
import { containerSecurityContext } from "../shared/pods";
import { secret, type DeclaredSecret } from "../shared/secret";
import { serviceAccount } from "../shared/service-account";
import { authorityMap } from "./certificates";
import { filebeatConfig, nodeLogs } from "./filebeat-config";
import type { KafkaConnection } from "./kafka";
import {
  metadata,
  nodePodSecurity,
  partLabels,
  podLabels,
  secretVariable,
  type Place,
} from "./place";

const name = "filebeat";
const read = ["get", "list", "watch"];
const port = 5066;

/** Arguments of {@link filebeat}. */
export interface FilebeatArgs {
  kafka: KafkaConnection;
  /** SELinux type of the pod; the container runtime's own without it. */
  selinuxType?: string;
}

/** Filebeat on every machine: reads what containers print and what apps write into directories. */
export function filebeat(place: Place, args: FilebeatArgs): void {
  const { namespace, parent, environment } = place;
  const { servers, topic, login } = args.kafka;
  const password = login && clientPassword(place, login.password);
  const labels = partLabels(name);
  const config = filebeatConfig({ environment, kafka: { servers, topic, user: login?.user } });
  const files = immutableConfigMap(
    name,
    { namespace, labels, data: { "filebeat.yml": stringify(config) } },
    parent,
  );
  const account = serviceAccount(
    name,
    {
      namespace,
      labels,
      // Which pod a container's file belongs to.
      clusterRules: [{ apiGroups: [""], resources: ["pods", "nodes", "namespaces"], verbs: read }],
    },
    parent,
  );
  new k8s.apps.v1.DaemonSet(
    name,
    {
      metadata: metadata(name, place),
      spec: {
        selector: { matchLabels: selectorLabels(name) },
        // The files wait meanwhile; a tenth of the machines at a time.
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "10%" } },
        template: {
          metadata: { labels: podLabels(name), annotations: password?.podAnnotations ?? {} },
          spec: {
            serviceAccountName: account,
            enableServiceLinks: false,
            ...priority("platform", place.placement),
            securityContext: nodePodSecurity(args.selinuxType),
            terminationGracePeriodSeconds: 30,
            // Every machine has logs, those that take no other pods too.
            tolerations: [{ operator: "Exists" }],
            containers: [container(place, password)],
            volumes: [
              { name: "config", configMap: { name: files.name, defaultMode: 0o400 } },
              hostFolder("containers", "/var/log", "Directory"),
              hostFolder("nodelogs", nodeLogs, "DirectoryOrCreate"),
              hostFolder("registry", "/var/lib/platform/filebeat", "DirectoryOrCreate"),
              ...authority(args),
            ],
          },
        },
      },
    },
    // Two may not read the same machine's files: the old one goes first when the namespace changes.
    { parent, dependsOn: [files.configMap], deleteBeforeReplace: true },
  );
}

function hostFolder(
  name: string,
  path: string,
  type: "Directory" | "DirectoryOrCreate",
): k8s.types.input.core.v1.Volume {
  return { name, hostPath: { path, type } };
}

function authority({ kafka }: FilebeatArgs): k8s.types.input.core.v1.Volume[] {
  return kafka.login === undefined ? [] : [{ name: "tls", configMap: { name: authorityMap } }];
}

/** The client's password once more: pods may use Secrets of their own namespace only. */
function clientPassword(
  { namespace, parent }: Place,
  password: pulumi.Output<string>,
): DeclaredSecret {
  const secretName = "kafka-client";
  return secret(
    secretName,
    { namespace, labels: partLabels(secretName), data: { password } },
    parent,
  );
}

function container(
  place: Place,
  password: DeclaredSecret | undefined,
): k8s.types.input.core.v1.Container {
  const answers = { httpGet: { path: "/", port } };
  return {
    name,
    image: imageReference(images.filebeat, place.imageMirror),
    args: ["-c", "/etc/filebeat/config/filebeat.yml", "-e"],
    env: [
      { name: "NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
      ...(password ? [secretVariable("KAFKA_PASSWORD", password.name, "password")] : []),
    ],
    ports: [{ name: "http", containerPort: port }],
    livenessProbe: { ...answers, initialDelaySeconds: 30, periodSeconds: 20, failureThreshold: 3 },
    readinessProbe: { ...answers, periodSeconds: 10, failureThreshold: 3 },
    resources: {
      requests: { cpu: "100m", memory: "200Mi" },
      limits: { cpu: "1", memory: "600Mi" },
    },
    securityContext: {
      ...containerSecurityContext,
      // Apps choose the mode of their files; root without this reads only its own and the open ones.
      capabilities: { ...containerSecurityContext.capabilities, add: ["DAC_READ_SEARCH"] },
      readOnlyRootFilesystem: true,
    },
    volumeMounts: [
      { name: "config", mountPath: "/etc/filebeat/config", readOnly: true },
      { name: "containers", mountPath: "/var/log", readOnly: true },
      { name: "nodelogs", mountPath: nodeLogs, readOnly: true },
      { name: "registry", mountPath: "/var/lib/filebeat" },
      ...(password ? [{ name: "tls", mountPath: "/etc/filebeat/tls", readOnly: true }] : []),
    ],
  };
}

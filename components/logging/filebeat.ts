import type * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { immutableConfigMap } from "../shared/config-map";
import { podsIn } from "../shared/network-policy";
import type { PartContainer, PodVolume } from "../shared/pod-template";
import { containerSecurityContext } from "../shared/pods";
import { secret, type DeclaredSecret } from "../shared/secret";
import { serviceAccount } from "../shared/service-account";
import { daemonSet } from "../shared/workload";
import { authorityMap, type Certificates } from "./certificates";
import { filebeatConfig, nodeLogs } from "./filebeat-config";
import type { KafkaConnection } from "./kafka";
import { kafkaPorts } from "./kafka-config";
import { loggingNamespace, nodePodSecurity, secretVariable, type LoggingPart } from "./part";

const name = "filebeat";
const read = ["get", "list", "watch"];
const port = 5066;

/** Arguments of {@link filebeat}. */
export interface FilebeatArgs {
  /** Connection to Kafka. */
  kafka: KafkaConnection;
  /** Certificates of the pipeline. */
  certificates: Certificates;
  /** SELinux type of the pod. Default: the container runtime's. */
  selinuxType?: string;
}

/** Declares Filebeat on every node: it reads container output and the apps' log directories. */
export function filebeat(part: LoggingPart, args: FilebeatArgs): void {
  const { environment } = part.context;
  const { servers, topic, login } = args.kafka;
  const password = login && clientPassword(part, login.password);
  const config = filebeatConfig({ environment, kafka: { servers, topic, user: login?.user } });
  const files = immutableConfigMap(part, name, { data: { "filebeat.yml": stringify(config) } });
  const account = serviceAccount(part, name, {
    // To find the pod of a container's file.
    clusterRules: [{ apiGroups: [""], resources: ["pods", "nodes", "namespaces"], verbs: read }],
  });
  daemonSet(part, {
    name,
    account,
    user: 0,
    secrets: password && [password],
    // Runs on every node, because nodes with taints have logs too.
    spec: {
      securityContext: nodePodSecurity(args.selinuxType),
      terminationGracePeriodSeconds: 30,
    },
    containers: [container(password)],
    volumes: [
      { name: "config", configMap: { name: files.name, defaultMode: 0o400 } },
      hostFolder("containers", "/var/log", "Directory"),
      hostFolder("nodelogs", nodeLogs, "DirectoryOrCreate"),
      hostFolder("registry", "/var/lib/platform/filebeat", "DirectoryOrCreate"),
      ...authority(args),
    ],
    network: {
      egress: [{ to: [podsIn(loggingNamespace, "kafka")], ports: [kafkaPorts.client] }],
    },
    dependsOn: [files.configMap, ...(login === undefined ? [] : args.certificates.createdBy)],
    // Two pods must not read the files of one node, so the old DaemonSet is deleted first when the namespace changes.
    options: { deleteBeforeReplace: true },
  });
}

function hostFolder(
  name: string,
  path: string,
  type: "Directory" | "DirectoryOrCreate",
): PodVolume {
  return { name, hostPath: { path, type } };
}

function authority({ kafka }: FilebeatArgs): PodVolume[] {
  return kafka.login === undefined ? [] : [{ name: "tls", configMap: { name: authorityMap } }];
}

/** Copies the client's password, because pods can use Secrets of their own namespace only. */
function clientPassword(part: LoggingPart, password: pulumi.Output<string>): DeclaredSecret {
  const secretName = "kafka-client";
  return secret(part, secretName, { data: { password } });
}

function container(password: DeclaredSecret | undefined): PartContainer {
  const answers = { httpGet: { path: "/", port } };
  return {
    name,
    image: "filebeat",
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
      // Apps choose the mode of their files; without this capability root reads only its own and world-readable files.
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

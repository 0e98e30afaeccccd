import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Part } from "../shared/context";
import { podsOf } from "../shared/network-policy";
import { scratch } from "../shared/pod-template";
import { serviceAccount } from "../shared/service-account";
import { metadataOf } from "../shared/workload";
import {
  certificateMount,
  certificateVolume,
  environment,
  grpcPort,
  kedaNames,
  kedaUser,
  metricsPort,
  reads,
  resources,
} from "./keda-shared";
import { extensionService, workload } from "./workload";

const name = kedaNames.metrics;
const port = 6443;
const group = "external.metrics.k8s.io";

/** Declares KEDA's metrics server, which serves external.metrics.k8s.io from the operator's measurements. */
export function kedaMetrics(part: Part, replicas: number, operator: pulumi.Resource): void {
  const { parent } = part;
  const { namespace, labels } = metadataOf(part, name);
  const account = serviceAccount(part, name, {
    clusterRules: [reads("keda.sh", ["scaledobjects"])],
    clusterRoles: ["system:auth-delegator"],
    extendsApi: true,
  });
  allowAutoscalerToRead(labels, parent);
  const probe = (path: string) => ({ httpGet: { path, port: "https", scheme: "HTTPS" } });
  const deployment = workload(part, name, {
    replicas,
    account,
    user: kedaUser,
    metricsPort,
    container: {
      image: "kedaMetrics",
      command: ["/keda-adapter"],
      args: [
        `--secure-port=${port}`,
        `--metrics-service-address=${kedaNames.operator}.$(POD_NAMESPACE).svc.cluster.local:${grpcPort}`,
        "--zap-log-level=error",
        "--client-ca-file=/certs/ca.crt",
        "--tls-cert-file=/certs/tls.crt",
        "--tls-private-key-file=/certs/tls.key",
        "--cert-dir=/certs",
      ],
      env: environment,
      ports: [
        { name: "https", containerPort: port },
        { name: "metrics", containerPort: metricsPort },
      ],
      livenessProbe: { ...probe("/healthz"), initialDelaySeconds: 5 },
      readinessProbe: { ...probe("/readyz"), initialDelaySeconds: 5 },
      resources,
      volumeMounts: [certificateMount, { name: "tmp", mountPath: "/tmp" }],
    },
    volumes: [certificateVolume(false), scratch("tmp", "64Mi")],
    network: {
      // The API server calls it from an address that no network policy can name.
      ingress: [{ from: "anywhere", ports: [port] }],
      egress: [{ to: [podsOf(kedaNames.operator)], ports: [grpcPort] }],
    },
    dependsOn: [operator],
  });
  const service = extensionService(part, name);
  new k8s.apiregistration.v1.APIService(
    kedaNames.externalMetrics,
    {
      metadata: { name: kedaNames.externalMetrics, labels },
      spec: {
        group,
        version: "v1beta1",
        groupPriorityMinimum: 100,
        versionPriority: 100,
        service: { name: service, namespace, port: 443 },
      },
    },
    // The operator writes its own CA bundle there.
    { parent, dependsOn: [deployment], ignoreChanges: ["spec.caBundle"] },
  );
}

/** Lets the horizontal pod autoscaler, and nothing else, read these metrics. */
function allowAutoscalerToRead(labels: Record<string, string>, parent: pulumi.Resource): void {
  const role = "keda-external-metrics-reader";
  const declared = new k8s.rbac.v1.ClusterRole(
    role,
    {
      metadata: { name: role, labels },
      rules: [{ apiGroups: [group], resources: ["*"], verbs: ["get", "list", "watch"] }],
    },
    { parent },
  );
  new k8s.rbac.v1.ClusterRoleBinding(
    role,
    {
      metadata: { name: role, labels },
      roleRef: {
        apiGroup: "rbac.authorization.k8s.io",
        kind: "ClusterRole",
        name: declared.metadata.name,
      },
      subjects: [
        { kind: "ServiceAccount", name: "horizontal-pod-autoscaler", namespace: "kube-system" },
      ],
    },
    { parent },
  );
}

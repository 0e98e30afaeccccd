import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { extensionServerReader, serviceAccount } from "../shared/service-account";
import type { KedaArgs } from "./keda";
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
import { extensionService, labelsOf, workload } from "./workload";

const name = kedaNames.metrics;
const labels = labelsOf(name);
const port = 6443;
const group = "external.metrics.k8s.io";

/** What answers for external.metrics.k8s.io, out of what the operator measures. */
export function kedaMetrics(
  args: KedaArgs,
  operator: pulumi.Resource,
  parent: pulumi.Resource,
): void {
  const { namespace } = args;
  const account = serviceAccount(
    name,
    {
      namespace,
      labels,
      clusterRules: [reads("keda.sh", ["scaledobjects"])],
      clusterRoles: ["system:auth-delegator"],
    },
    parent,
  );
  extensionServerReader(name, { account, namespace, labels }, parent);
  autoscalerMayRead(parent);
  const deployment = workload(name, deploymentArgs(args, account, operator), parent);
  const service = extensionService(name, namespace, parent);
  new k8s.apiregistration.v1.APIService(
    kedaNames.externalMetrics,
    {
      metadata: { name: kedaNames.externalMetrics, labels },
      spec: {
        group,
        version: "v1beta1",
        groupPriorityMinimum: 100,
        versionPriority: 100,
        service: { name: service.metadata.name, namespace, port: 443 },
      },
    },
    // The operator writes its own authority there.
    { parent, dependsOn: [deployment], ignoreChanges: ["spec.caBundle"] },
  );
}

function deploymentArgs(
  args: KedaArgs,
  account: pulumi.Output<string>,
  operator: pulumi.Resource,
): Parameters<typeof workload>[1] {
  const probe = (path: string) => ({ httpGet: { path, port: "https", scheme: "HTTPS" } });
  return {
    ...args,
    account,
    image: "kedaMetrics",
    user: kedaUser,
    metricsPort,
    container: {
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
    volumes: [certificateVolume(false), { name: "tmp", emptyDir: {} }],
    dependsOn: [operator],
  };
}

/** Kubernetes' own autoscaler may read these metrics; nobody else need. */
function autoscalerMayRead(parent: pulumi.Resource): void {
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

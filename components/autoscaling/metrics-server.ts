import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Part } from "../shared/context";
import { anyAddress } from "../shared/network-policy";
import { scratch } from "../shared/pod-template";
import { serviceAccount } from "../shared/service-account";
import { metadataOf } from "../shared/workload";
import { extensionService, workload, type WorkloadArgs } from "./workload";

const name = "metrics-server";
/** The same port as the kubelet's, which firewalls between the API server and the nodes already allow. */
const port = 10_250;

/** Arguments of {@link metricsServer}. */
export interface MetricsServerArgs {
  /** Number of pods. */
  replicas: number;
  /** Whether to skip verification of kubelet certificates that the cluster's CA did not sign. */
  kubeletInsecureTls: boolean;
}

/** Declares metrics-server, which asks every node for the CPU and memory use of its pods and serves metrics.k8s.io. */
export function metricsServer(part: Part, args: MetricsServerArgs): void {
  const { parent } = part;
  const { namespace, labels } = metadataOf(part, name);
  const account = serviceAccount(part, name, {
    clusterRules: [
      { apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] },
      { apiGroups: [""], resources: ["nodes", "pods"], verbs: ["get", "list", "watch"] },
    ],
    clusterRoles: ["system:auth-delegator"],
    extendsApi: true,
  });
  metricsReader(labels, parent);
  const deployment = workload(part, name, workloadArgs(args, account));
  const service = extensionService(part, name);
  apiService({ service, namespace, labels }, { parent, dependsOn: [deployment] });
}

function workloadArgs(
  { kubeletInsecureTls, replicas }: MetricsServerArgs,
  account: pulumi.Output<string>,
): WorkloadArgs {
  const probe = (path: string) => ({ path, port: "https", scheme: "HTTPS" });
  return {
    replicas,
    account,
    user: 1000,
    container: {
      image: "metricsServer",
      args: [
        "--cert-dir=/tmp",
        `--secure-port=${port}`,
        "--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname",
        "--kubelet-use-node-status-port",
        // Half of the autoscaler's interval, so that it never uses the same sample twice.
        "--metric-resolution=15s",
        ...(kubeletInsecureTls ? ["--kubelet-insecure-tls"] : []),
      ],
      ports: [{ name: "https", containerPort: port }],
      livenessProbe: { httpGet: probe("/livez"), periodSeconds: 10, failureThreshold: 3 },
      readinessProbe: {
        httpGet: probe("/readyz"),
        // Ready only after two scrapes, because CPU use is a difference.
        initialDelaySeconds: 20,
        periodSeconds: 10,
        failureThreshold: 3,
      },
      // Enough for 100 nodes with 70 pods each, according to its documentation.
      resources: {
        requests: { cpu: "100m", memory: "200Mi" },
        limits: { cpu: "500m", memory: "400Mi" },
      },
      volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
    },
    volumes: [scratch("tmp", "64Mi")],
    network: {
      // The API server calls it from an address that no network policy can name.
      ingress: [{ from: "anywhere", ports: [port] }],
      // The nodes' kubelets.
      egress: [{ to: [anyAddress], ports: [10_250] }],
    },
  };
}

/** Lets everyone with the cluster role `view` see what the pods of a namespace use. */
function metricsReader(labels: Record<string, string>, parent: pulumi.Resource): void {
  const role = "platform-metrics-reader";
  const aggregate = (to: string) => [`rbac.authorization.k8s.io/aggregate-to-${to}`, "true"];
  new k8s.rbac.v1.ClusterRole(
    role,
    {
      metadata: {
        name: role,
        labels: {
          ...labels,
          ...(Object.fromEntries(["view", "edit", "admin"].map(aggregate)) as Record<
            string,
            string
          >),
        },
      },
      rules: [
        {
          apiGroups: ["metrics.k8s.io"],
          resources: ["nodes", "pods"],
          verbs: ["get", "list", "watch"],
        },
      ],
    },
    { parent },
  );
}

function apiService(
  {
    service,
    namespace,
    labels,
  }: {
    service: pulumi.Output<string>;
    namespace: pulumi.Input<string>;
    labels: Record<string, string>;
  },
  opts: pulumi.CustomResourceOptions,
): void {
  const group = "metrics.k8s.io";
  new k8s.apiregistration.v1.APIService(
    `v1beta1.${group}`,
    {
      metadata: { name: `v1beta1.${group}`, labels },
      spec: {
        group,
        version: "v1beta1",
        groupPriorityMinimum: 100,
        versionPriority: 100,
        service: { name: service, namespace, port: 443 },
        // It creates a self-signed certificate at every start.
        insecureSkipTLSVerify: true,
      },
    },
    opts,
  );
}

import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { prometheusServer } from "../../config";
import type { Part } from "../shared/context";
import { anyAddress, podsOf, prometheusPods, type Network } from "../shared/network-policy";
import { serviceAccount, type Rule } from "../shared/service-account";
import type { KedaArgs } from "./keda-args";
import {
  certificateMount,
  certificateVolume,
  changes,
  environment,
  grpcPort,
  healthProbes,
  kedaNames,
  kedaUser,
  logArguments,
  metricsPort,
  reads,
  resources,
} from "./keda-shared";
import { workload } from "./workload";

const name = kedaNames.operator;

/**
 * Rights of the operator in every namespace. KEDA's upstream role reads every object of every kind, because it can
 * scale any; the platform scales only Deployments and StatefulSets.
 */
const clusterRules: Rule[] = [
  reads("", ["configmaps", "limitranges", "pods", "serviceaccounts", "services"]),
  { apiGroups: ["", "events.k8s.io"], resources: ["events"], verbs: ["create", "patch"] },
  reads("apps", ["deployments", "replicasets", "statefulsets"]),
  changes("apps", ["deployments/scale", "statefulsets/scale"]),
  changes("autoscaling", ["horizontalpodautoscalers"], ["create", "delete"]),
  changes("batch", ["jobs"], ["create", "delete"]),
  reads("discovery.k8s.io", ["endpointslices"]),
  changes("keda.sh", [
    ...["clustertriggerauthentications", "clustertriggerauthentications/status"],
    ...["scaledjobs", "scaledjobs/finalizers", "scaledjobs/status"],
    ...["scaledobjects", "scaledobjects/finalizers", "scaledobjects/status"],
    ...["triggerauthentications", "triggerauthentications/status"],
  ]),
  changes("eventing.keda.sh", [
    ...["cloudeventsources", "cloudeventsources/status"],
    ...["clustercloudeventsources", "clustercloudeventsources/status"],
  ]),
  // The operator writes its CA certificate into these two objects whenever it renews it.
  {
    ...changes("admissionregistration.k8s.io", ["validatingwebhookconfigurations"]),
    verbs: ["get", "patch", "update"],
    resourceNames: [kedaNames.webhookConfiguration],
  },
  {
    ...changes("apiregistration.k8s.io", ["apiservices"]),
    verbs: ["get", "patch", "update"],
    resourceNames: [kedaNames.externalMetrics],
  },
  // `resourceNames` cannot restrict `list`.
  {
    apiGroups: ["admissionregistration.k8s.io"],
    resources: ["validatingwebhookconfigurations"],
    verbs: ["list", "watch"],
  },
  { apiGroups: ["apiregistration.k8s.io"], resources: ["apiservices"], verbs: ["list", "watch"] },
];

/** Rights in its own namespace: create its certificate, and elect a leader. */
const rules: Rule[] = [
  changes("", ["secrets"], ["create", "delete"]),
  changes("coordination.k8s.io", ["leases"], ["create", "delete"]),
];

/** The metrics server calls the operator; the operator calls Prometheus. */
function network({ external }: KedaArgs): Network {
  const url = external === undefined ? undefined : new URL(external);
  const port = url?.port || (url?.protocol === "https:" ? 443 : 80);
  return {
    ingress: [{ from: [podsOf(kedaNames.metrics)], ports: [grpcPort] }],
    egress: [
      { to: [prometheusPods], ports: [prometheusServer.port] },
      ...(url === undefined ? [] : [{ to: [anyAddress], ports: [Number(port)] }]),
    ],
  };
}

/** Declares KEDA's operator, and the Service that the metrics server calls. */
export function kedaOperator(
  part: Part,
  args: KedaArgs,
  definitions: pulumi.Resource[],
): k8s.apps.v1.Deployment {
  const account = serviceAccount(part, name, { clusterRules, rules });
  return workload(part, name, {
    replicas: args.replicas,
    account,
    user: kedaUser,
    metricsPort,
    container: {
      image: "kedaOperator",
      command: ["/keda"],
      args: [
        "--leader-elect",
        ...logArguments,
        "--enable-cert-rotation=true",
        `--operator-service-name=${name}`,
        `--metrics-server-service-name=${kedaNames.metrics}`,
        `--webhooks-service-name=${kedaNames.webhooks}`,
        `--validating-webhook-name=${kedaNames.webhookConfiguration}`,
      ],
      env: environment,
      ports: [
        { name: "metrics", containerPort: metricsPort },
        { name: "grpc", containerPort: grpcPort },
      ],
      ...healthProbes,
      resources,
      volumeMounts: [certificateMount],
    },
    volumes: [certificateVolume(true)],
    service: { ports: { grpc: grpcPort } },
    network: network(args),
    dependsOn: definitions,
  });
}

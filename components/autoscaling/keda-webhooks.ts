import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Part } from "../shared/context";
import { serviceAccount } from "../shared/service-account";
import { metadataOf } from "../shared/workload";
import {
  certificateMount,
  certificateVolume,
  environment,
  healthProbes,
  kedaNames,
  kedaUser,
  logArguments,
  metricsPort,
  reads,
  resources,
} from "./keda-shared";
import { extensionService, workload, type WorkloadArgs } from "./workload";

const name = kedaNames.webhooks;
const port = 9443;

/** Resources that are validated before they are stored: resource, kind and API group. */
const validated: [resource: string, kind: string, group: string][] = [
  ["scaledobjects", "scaledobject", "keda.sh"],
  ["scaledjobs", "scaledjob", "keda.sh"],
  ["triggerauthentications", "triggerauthentication", "keda.sh"],
  ["clustertriggerauthentications", "clustertriggerauthentication", "keda.sh"],
];

/** Declares the webhooks that reject an invalid ScaledObject, for example a second one for the same Deployment. */
export function kedaWebhooks(part: Part, replicas: number, operator: pulumi.Resource): void {
  const { parent } = part;
  const { namespace, labels } = metadataOf(part, name);
  const account = serviceAccount(part, name, {
    clusterRules: [
      { apiGroups: ["events.k8s.io"], resources: ["events"], verbs: ["create", "patch"] },
      reads("", ["limitranges"]),
      reads("apps", ["deployments", "statefulsets"]),
      reads("autoscaling", ["horizontalpodautoscalers"]),
      reads(
        "keda.sh",
        validated.map(([resource]) => resource),
      ),
    ],
  });
  const deployment = workload(part, name, workloadArgs(replicas, account, operator));
  const service = extensionService(part, name);
  new k8s.admissionregistration.v1.ValidatingWebhookConfiguration(
    kedaNames.webhookConfiguration,
    {
      metadata: { name: kedaNames.webhookConfiguration, labels },
      webhooks: validated.map(([resource, kind, group]) => ({
        name: `v${kind}.kb.io`,
        admissionReviewVersions: ["v1"],
        clientConfig: {
          service: {
            name: service,
            namespace,
            path: `/validate-${group.replaceAll(".", "-")}-v1alpha1-${kind}`,
            port: 443,
          },
        },
        // A release must not fail because the webhook is not available.
        failurePolicy: "Ignore",
        matchPolicy: "Equivalent",
        rules: [
          {
            apiGroups: [group],
            apiVersions: ["v1alpha1"],
            operations: ["CREATE", "UPDATE"],
            resources: [resource],
            scope: "*",
          },
        ],
        sideEffects: "None",
        timeoutSeconds: 10,
      })),
    },
    {
      parent,
      dependsOn: [deployment],
      // The operator writes its own CA bundle there.
      ignoreChanges: validated.map((_, index) => `webhooks[${index}].clientConfig.caBundle`),
    },
  );
}

function workloadArgs(
  replicas: number,
  account: pulumi.Output<string>,
  operator: pulumi.Resource,
): WorkloadArgs {
  return {
    replicas,
    account,
    user: kedaUser,
    metricsPort,
    container: {
      image: "kedaWebhooks",
      command: ["/keda-admission-webhooks"],
      args: logArguments,
      env: environment,
      ports: [
        { name: "https", containerPort: port },
        { name: "metrics", containerPort: metricsPort },
      ],
      ...healthProbes,
      resources,
      volumeMounts: [certificateMount],
    },
    volumes: [certificateVolume(false)],
    // The API server calls it from an address that no network policy can name.
    network: { ingress: [{ from: "anywhere", ports: [port] }] },
    dependsOn: [operator],
  };
}

import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { serviceAccount } from "../shared/service-account";
import type { KedaArgs } from "./keda";
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
import { extensionService, labelsOf, workload } from "./workload";

const name = kedaNames.webhooks;
const labels = labelsOf(name);
const port = 9443;

/** What is looked at before it is stored: resource, and its group. */
const validated: [resource: string, kind: string, group: string][] = [
  ["scaledobjects", "scaledobject", "keda.sh"],
  ["scaledjobs", "scaledjob", "keda.sh"],
  ["triggerauthentications", "triggerauthentication", "keda.sh"],
  ["clustertriggerauthentications", "clustertriggerauthentication", "keda.sh"],
];

/** What refuses a ScaledObject that cannot work, for example two on one Deployment. */
export function kedaWebhooks(
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
    },
    parent,
  );
  const deployment = workload(name, deploymentArgs(args, account, operator), parent);
  const service = extensionService(name, namespace, parent);
  new k8s.admissionregistration.v1.ValidatingWebhookConfiguration(
    kedaNames.webhookConfiguration,
    {
      metadata: { name: kedaNames.webhookConfiguration, labels },
      webhooks: validated.map(([resource, kind, group]) => ({
        name: `v${kind}.kb.io`,
        admissionReviewVersions: ["v1"],
        clientConfig: {
          service: {
            name: service.metadata.name,
            namespace,
            path: `/validate-${group.replaceAll(".", "-")}-v1alpha1-${kind}`,
            port: 443,
          },
        },
        // A check is no reason to hold up a release when it is away.
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
      // The operator writes its own authority there.
      ignoreChanges: validated.map((_, index) => `webhooks[${index}].clientConfig.caBundle`),
    },
  );
}

function deploymentArgs(
  args: KedaArgs,
  account: pulumi.Output<string>,
  operator: pulumi.Resource,
): Parameters<typeof workload>[1] {
  return {
    ...args,
    account,
    image: "kedaWebhooks",
    user: kedaUser,
    metricsPort,
    container: {
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
    dependsOn: [operator],
  };
}

import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { configureJob } from "../shared/configure-job";
import { objectLabels } from "../shared/labels";
import { afterRights, serviceAccount } from "../shared/service-account";
import { loggingNamespace, nodesNamespace, type LoggingPart } from "./part";

const name = "logging-tls";
const account = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Ten years, because an expired certificate would stop all logs. */
const days = 3650;

/** Names under which the pods of the pipeline are reached. */
export const certificateNames: string[] = [
  "localhost",
  ...["elasticsearch", "kafka"].flatMap((service) => [
    service,
    `${service}.${loggingNamespace}.svc`,
    `*.${service}-nodes.${loggingNamespace}.svc`,
  ]),
];

/** ConfigMap with the CA certificate, for pods of other namespaces. */
export const authorityMap = "logging-ca";

/** Arguments of {@link declareCertificates}. */
export interface CertificatesArgs {
  /** Name of an existing Secret. Default: a Job creates one. */
  existingSecret?: string;
  /** Namespace that also gets the CA certificate, as a ConfigMap. Default: none. */
  publishTo?: pulumi.Output<string>;
}

/** Certificates of the pipeline. */
export interface Certificates {
  /** Name of the Secret with ca.crt, tls.crt and tls.key. */
  secret: string;
  /** The Job that creates it, or the ConfigMap with its CA; empty where neither is needed. */
  createdBy: k8s.batch.v1.Job[];
}

/**
 * Returns the Secret with the pipeline's certificates. If the stack names none, a Job creates it in the
 * cluster: no provider of this program creates certificates, and the private key then never leaves the cluster and is
 * not in the state.
 */
export function declareCertificates(
  part: LoggingPart,
  { existingSecret, publishTo }: CertificatesArgs,
): Certificates {
  const secret = existingSecret ?? name;
  if (existingSecret !== undefined && publishTo === undefined) return { secret, createdBy: [] };
  const job = configureJob(part, name, {
    files: [
      "logging/certificates/make.mjs",
      "logging/certificates/x509.mjs",
      "shared/bootstrap/api.mjs",
    ],
    interpreter: {
      image: "node",
      command: ["env", `NODE_EXTRA_CA_CERTS=${account}/ca.crt`, "node"],
      user: 1000,
    },
    account: certificateMaker(part, { secret, publishTo }),
    settings: {
      api: "https://kubernetes.default.svc",
      tokenFile: `${account}/token`,
      namespace: loggingNamespace,
      name: secret,
      labels: { "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "logging" },
      names: certificateNames,
      days,
      ...(existingSecret === undefined ? {} : { given: true }),
      ...(publishTo === undefined
        ? {}
        : { publish: { namespace: nodesNamespace, name: authorityMap } }),
    },
    secrets: {},
    network: {},
    dependsOn: [],
  });
  return { secret, createdBy: [job] };
}

function certificateMaker(
  part: LoggingPart,
  { secret, publishTo }: { secret: string; publishTo?: pulumi.Output<string> },
): pulumi.Output<string> {
  const { namespace, parent } = part;
  const account = serviceAccount(part, name, {
    rules: [
      { apiGroups: [""], resources: ["secrets"], resourceNames: [secret], verbs: ["get"] },
      // `resourceNames` cannot restrict `create`.
      { apiGroups: [""], resources: ["secrets"], verbs: ["create"] },
    ],
  });
  if (publishTo === undefined) return account;
  const metadata = { name, namespace: publishTo, labels: objectLabels(name, part.name) };
  const maps = { apiGroups: [""], resources: ["configmaps"] };
  const role = new k8s.rbac.v1.Role(
    `${name}-publisher`,
    {
      metadata,
      rules: [
        { ...maps, resourceNames: [authorityMap], verbs: ["get", "update"] },
        { ...maps, verbs: ["create"] },
      ],
    },
    { parent },
  );
  const binding = new k8s.rbac.v1.RoleBinding(
    `${name}-publisher`,
    {
      metadata,
      roleRef: {
        apiGroup: "rbac.authorization.k8s.io",
        kind: "Role",
        name: role.metadata.name,
      },
      subjects: [{ kind: "ServiceAccount", name: account, namespace }],
    },
    { parent },
  );
  return afterRights(account, [binding]);
}

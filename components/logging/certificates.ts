import type * as pulumi from "@pulumi/pulumi";
import { bootstrapJob } from "../shared/bootstrap-job";
import { images } from "../shared/images";
import { serviceAccount } from "../shared/service-account";
import { loggingNamespace, partLabels, type Place } from "./place";

const name = "logging-tls";
const account = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Ten years: a certificate that ends unnoticed stops every log. */
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

/**
 * The Secret with the pipeline's certificates, by name. Without one of the stack's own, a Job makes
 * it in the cluster: no provider of this program makes certificates, and a private key that never
 * leaves the cluster needs no place in the stack's state.
 */
export function certificates(place: Place, given: string | undefined): string {
  if (given !== undefined) return given;
  const labels = partLabels(name);
  const { namespace, parent, imageMirror, placement } = place;
  bootstrapJob(
    name,
    {
      namespace,
      labels,
      files: [
        "logging/certificates/make.mjs",
        "logging/certificates/x509.mjs",
        "shared/bootstrap/api.mjs",
      ],
      interpreter: {
        image: images.node,
        command: ["env", `NODE_EXTRA_CA_CERTS=${account}/ca.crt`, "node"],
        user: 1000,
      },
      serviceAccount: certificateMaker(place, labels),
      settings: {
        api: "https://kubernetes.default.svc",
        tokenFile: `${account}/token`,
        namespace: loggingNamespace,
        name,
        labels: { "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "logging" },
        names: certificateNames,
        days,
      },
      secrets: {},
      dependsOn: [],
      imageMirror,
      placement,
    },
    parent,
  );
  return name;
}

function certificateMaker(
  { namespace, parent }: Place,
  labels: Record<string, string>,
): pulumi.Output<string> {
  return serviceAccount(
    name,
    {
      namespace,
      labels,
      rules: [
        { apiGroups: [""], resources: ["secrets"], resourceNames: [name], verbs: ["get"] },
        // A rule about creation cannot name the object.
        { apiGroups: [""], resources: ["secrets"], verbs: ["create"] },
      ],
    },
    parent,
  );
}

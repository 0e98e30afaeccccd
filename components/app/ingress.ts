import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { objectLabels } from "../shared/labels";
import { servicePort } from "./services";

/** How a plain Ingress serves an app. */
export interface IngressArgs {
  className: string;
  /** Secret of type kubernetes.io/tls in the app's namespace. */
  tlsSecret?: string;
}

/** The app's Ingress: every request goes to the stable release, as an Ingress cannot divide them. */
export function appIngress(
  name: string,
  {
    namespace,
    domain,
    ingress: { className, tlsSecret },
  }: { namespace: pulumi.Input<string>; domain: string; ingress: IngressArgs },
  service: pulumi.Output<string>,
  parent: pulumi.Resource,
): k8s.networking.v1.Ingress {
  const backend = { service: { name: service, port: { number: servicePort } } };
  return new k8s.networking.v1.Ingress(
    name,
    {
      metadata: {
        name,
        namespace,
        labels: objectLabels(name, "apps"),
        // Behind node ports no controller ever reports an address, which the engine would wait for.
        annotations: { "pulumi.com/skipAwait": "true" },
      },
      spec: {
        ingressClassName: className,
        rules: [{ host: domain, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }],
        ...(tlsSecret === undefined ? {} : { tls: [{ hosts: [domain], secretName: tlsSecret }] }),
      },
    },
    { parent },
  );
}

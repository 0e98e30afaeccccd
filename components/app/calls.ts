import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { objectLabels } from "../shared/labels";

/** An app that another one calls. */
export interface CalledApp {
  team: string;
  app: string;
  namespace: pulumi.Input<string>;
}

/** Arguments of {@link callPolicies}. */
export interface CallArgs {
  /** Team that owns the calling app. */
  team: string;
  /** Namespace of the calling app. */
  namespace: pulumi.Input<string>;
  /** Apps that it calls directly, without the gateway. */
  calls: CalledApp[];
}

/** Port of an app's pods for requests, by name: the number can differ between releases. */
const ports = [{ port: "http", protocol: "TCP" }];

/**
 * Allows connections from an app's pods to those of the apps that it calls, on both sides: one policy with all
 * of its egress in its own namespace, and a policy in the namespace of each called app.
 */
export function callPolicies(
  app: string,
  { team, namespace, calls }: CallArgs,
  parent: pulumi.Resource,
): void {
  if (calls.length === 0) return;
  const labels = objectLabels(app, "apps");
  policy(
    `${app}.calls`,
    {
      metadata: { name: `${app}.calls`, namespace, labels },
      spec: {
        podSelector: podsOf(app),
        policyTypes: ["Egress"],
        egress: calls.map((callee) => ({ to: [peer(callee.app, callee.namespace)], ports })),
      },
    },
    parent,
  );
  for (const callee of calls) {
    policy(
      `${app}.calls.${callee.team}.${callee.app}`,
      {
        // Dots, which no name of an app or a team has, keep two callers' names apart.
        metadata: {
          name: `${callee.app}.from.${team}.${app}`,
          namespace: callee.namespace,
          labels,
        },
        spec: {
          podSelector: podsOf(callee.app),
          policyTypes: ["Ingress"],
          ingress: [{ from: [peer(app, namespace)], ports }],
        },
      },
      parent,
    );
  }
}

function podsOf(app: string): k8s.types.input.meta.v1.LabelSelector {
  return { matchLabels: { "app.kubernetes.io/name": app, "app.kubernetes.io/part-of": "apps" } };
}

function peer(
  app: string,
  namespace: pulumi.Input<string>,
): k8s.types.input.networking.v1.NetworkPolicyPeer {
  return {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    podSelector: podsOf(app),
  };
}

function policy(
  name: string,
  args: k8s.networking.v1.NetworkPolicyArgs,
  parent: pulumi.Resource,
): k8s.networking.v1.NetworkPolicy {
  return new k8s.networking.v1.NetworkPolicy(name, args, { parent });
}

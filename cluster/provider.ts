import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ProgramError } from "../config";
import { clusterUid } from "./reader";

/** Which cluster a stack's objects belong to. */
export interface ClusterArgs {
  /** Path of the kubeconfig, from the project's folder. */
  kubeconfig: string;
  /** Context of that kubeconfig. */
  context: string;
  /** UID of the cluster's namespace `kube-system`; unchecked without it. */
  uid?: string;
}

/**
 * The one provider of a stack, after the cluster has answered and is known to be the right one.
 * Nothing else is declared before that, so that a wrong or unreachable cluster changes nothing.
 * @throws ProgramError when the cluster does not answer, or is another one than the config names.
 */
export async function connect(args: ClusterArgs): Promise<k8s.Provider> {
  // A run without an engine has no cluster either.
  if (pulumi.runtime.hasEngine()) await prove(args);
  return new k8s.Provider("cluster", {
    kubeconfig: args.kubeconfig,
    context: args.context,
    // Constant for the stack's life: a changed path or certificate must not replace every object.
    clusterIdentifier: pulumi.getStack(),
    enableServerSideApply: true,
    // A changed password is written in place: replacing a Secret would take it from running pods.
    enableSecretMutable: true,
    // The same for files that a server reads anew while it runs, such as Prometheus' rules.
    enableConfigMapMutable: true,
  });
}

async function prove(args: ClusterArgs): Promise<void> {
  const uid = await clusterUid(args);
  if (args.uid !== undefined && args.uid !== uid) {
    throw new ProgramError(
      `Wrong cluster: context "${args.context}" leads to a cluster whose kube-system namespace has the UID ${uid}, ` +
        `platform:cluster.uid is ${args.uid}. Nothing was changed. Point the kubeconfig or the context to the stack's ` +
        `own cluster, or correct platform:cluster.uid if the cluster was rebuilt on purpose.`,
    );
  }
}

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ProgramError } from "../../config";

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
 * @throws ProgramError when the cluster is another one than the config names.
 */
export async function connect(args: ClusterArgs): Promise<k8s.Provider> {
  const provider = new k8s.Provider("cluster", {
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
  const kubeSystem = k8s.core.v1.Namespace.get("kube-system", "kube-system", { provider });
  const uid = await settled(kubeSystem.metadata.uid);
  if (args.uid !== undefined && args.uid !== uid) {
    throw new ProgramError(
      `Wrong cluster: context "${args.context}" leads to a cluster whose kube-system namespace has the UID ${uid}, ` +
        `platform:cluster.uid is ${args.uid}. Nothing was changed. Point the kubeconfig or the context to the stack's ` +
        `own cluster, or correct platform:cluster.uid if the cluster was rebuilt on purpose.`,
    );
  }
  return provider;
}

/** An output's value once it is known. */
function settled<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}

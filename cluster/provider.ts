import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ProgramError } from "../config";
import type { KubernetesVersion } from "../versions/kubernetes";
import { hasEngine } from "./engine";
import { clusterUid } from "./reader";
import type { RegistrationGate } from "./registration-gate";
import { clusterVersion, knownFieldsOnly } from "./version";

/** The cluster of a stack's objects. */
export interface ClusterArgs {
  /** Path of the kubeconfig, relative to the project. */
  kubeconfig: string;
  /** Name of the context in the kubeconfig. */
  context: string;
  /** UID of the cluster's namespace `kube-system`. Default: not checked. */
  uid?: string;
  /** Minor version of the cluster. Default: not checked. */
  version?: KubernetesVersion;
}

/**
 * Checks that the cluster responds and is the right one, and returns options with the only provider of the stack. The
 * provider rejects objects with fields that the cluster's version does not support. Nothing is declared before, so that
 * a wrong or unreachable cluster changes nothing.
 * @param gate holds back what is declared with these options. The provider is registered at once: the engine starts its
 *   plugin while the program reads records and declares objects.
 * @throws ProgramError if the cluster does not respond, or differs from the config in identity or version.
 */
export async function connect(
  args: ClusterArgs,
  gate: RegistrationGate,
): Promise<pulumi.ComponentResourceOptions> {
  // A run without an engine has no cluster.
  if (hasEngine()) await prove(args);
  const version = await clusterVersion(args);
  return {
    provider: providerOf(args),
    dependsOn: gate.opened,
    transformations: [knownFieldsOnly(version, gate)],
  };
}

function providerOf(args: ClusterArgs): k8s.Provider {
  return new k8s.Provider("cluster", {
    kubeconfig: args.kubeconfig,
    context: args.context,
    // Constant for the lifetime of the stack: another path or certificate must not replace every object.
    clusterIdentifier: pulumi.getStack(),
    enableServerSideApply: true,
    // A changed password is written in place: a replacement would delete the Secret while pods use it.
    enableSecretMutable: true,
    // The same for files that a server reloads while it runs, such as Prometheus' rules.
    enableConfigMapMutable: true,
  });
}

async function prove(args: ClusterArgs): Promise<void> {
  const uid = await clusterUid(args);
  if (args.uid !== undefined && args.uid !== uid) {
    throw new ProgramError(
      `Wrong cluster: context "${args.context}" points to a cluster whose kube-system namespace has the UID ${uid}, ` +
        `but platform:cluster.uid is ${args.uid}. Nothing was changed. Point the kubeconfig or the context to the stack's ` +
        `own cluster, or correct platform:cluster.uid if the cluster was rebuilt on purpose.`,
    );
  }
}

import type { CrdFile } from "../shared/crds";

/** Arguments of KEDA. */
export interface KedaArgs {
  /** CRDs of KEDA to install. Omit them if the cluster has them already. */
  crds?: CrdFile;
  /** Number of pods of the operator, and of the metrics server. */
  replicas: number;
  /** URL of the Prometheus that counts the apps' requests. */
  prometheus: string;
  /** URL of an external Prometheus. Default: the stack's own. */
  external?: string;
}

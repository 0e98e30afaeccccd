import type * as pulumi from "@pulumi/pulumi";
import type { CrdFile } from "../shared/crds";

/** Arguments of KEDA. */
export interface KedaArgs {
  crds?: CrdFile;
  replicas: number;
  prometheus: pulumi.Input<string>;
  /** Address of Prometheus, where it is not the stack's own. */
  external?: string;
}

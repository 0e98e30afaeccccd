import type * as pulumi from "@pulumi/pulumi";

/** The namespace of a team's objects. */
export interface TeamScope {
  /** Prefix of their names in the state. */
  id: string;
  namespace: pulumi.Output<string>;
  labels: Record<string, string>;
}

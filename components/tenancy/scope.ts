import type * as pulumi from "@pulumi/pulumi";

/** The namespace that a team's objects are made in. */
export interface TeamScope {
  /** Start of their names in the state. */
  id: string;
  namespace: pulumi.Output<string>;
  labels: Record<string, string>;
}

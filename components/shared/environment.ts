import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** A key of a Secret. */
export interface SecretKey {
  secret: pulumi.Input<string>;
  key: string;
}

/**
 * A container's environment variables. They keep their order, since a value may name an earlier
 * variable as `$(NAME)`: so an address can hold a password that stands in a Secret only.
 */
export function environmentVariables(
  values: Record<string, string | SecretKey>,
): k8s.types.input.core.v1.EnvVar[] {
  return Object.entries(values).map(([name, value]) =>
    typeof value === "string"
      ? { name, value }
      : { name, valueFrom: { secretKeyRef: { name: value.secret, key: value.key } } },
  );
}

import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** A key of a Secret. */
export interface SecretKey {
  secret: pulumi.Input<string>;
  key: string;
}

/**
 * Returns a container's environment variables. Their order is kept, because a value can refer to an earlier variable as
 * `$(NAME)`. That way, a URL can contain a password that is only in a Secret.
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

import * as pulumi from "@pulumi/pulumi";
import { objectLabels } from "../shared/labels";
import { secret } from "../shared/secret";

/** User name and password for a registry. */
export interface Login {
  username: string;
  password: pulumi.Input<string>;
}

/**
 * Declares the Secret with which nodes pull images for a namespace's pods.
 * @returns its name.
 */
export function pullSecret(
  name: string,
  args: { namespace: pulumi.Input<string>; address: string; login: Login },
  parent: pulumi.Resource,
): string {
  const { namespace, address, login } = args;
  const config = pulumi
    .output(login.password)
    .apply((password) => dockerConfig(address, login.username, password));
  secret(
    name,
    {
      namespace,
      labels: objectLabels(name, "registry"),
      type: "kubernetes.io/dockerconfigjson",
      data: { ".dockerconfigjson": config },
    },
    parent,
  );
  return name;
}

/** Returns the login at one registry in the format of Docker's config file. */
export function dockerConfig(address: string, username: string, password: string): string {
  const auth = Buffer.from(`${username}:${password}`).toString("base64");
  return JSON.stringify({ auths: { [address]: { username, password, auth } } });
}

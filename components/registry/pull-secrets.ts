import * as pulumi from "@pulumi/pulumi";
import type { Owner } from "../shared/context";
import { secret } from "../shared/secret";

/** User name and password for a registry. */
export interface Login {
  username: string;
  password: pulumi.Input<string>;
}

/**
 * Declares the Secret with which nodes pull images for the pods of the owner's namespace.
 * @returns its name.
 */
export function pullSecret(
  owner: Owner,
  name: string,
  { address, login }: { address: string; login: Login },
): string {
  const config = pulumi
    .output(login.password)
    .apply((password) => dockerConfig(address, login.username, password));
  secret(owner, name, {
    type: "kubernetes.io/dockerconfigjson",
    data: { ".dockerconfigjson": config },
  });
  return name;
}

/** Returns the login at one registry in the format of Docker's config file. */
export function dockerConfig(address: string, username: string, password: string): string {
  const auth = Buffer.from(`${username}:${password}`).toString("base64");
  return JSON.stringify({ auths: { [address]: { username, password, auth } } });
}

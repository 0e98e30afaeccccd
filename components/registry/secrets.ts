import * as random from "@pulumi/random";
import * as pulumi from "@pulumi/pulumi";
import { objectLabels } from "../shared/labels";
import { secret, type DeclaredSecret } from "../shared/secret";
import { registryUser } from "./config-files";
import { rsaPrivateKey } from "./token-key";

/** Harbor's Secrets, by who reads them. */
export interface HarborSecrets {
  /** Core alone: `secret-key`, `csrf-key` and `token-key`. */
  core: DeclaredSecret;
  /** All parts: `core-secret`, `jobservice-secret`, `registry-http-secret`, `registry-password` and `passwd`. */
  internal: DeclaredSecret;
  /** Administrator's `password`. */
  admin: DeclaredSecret;
}

/** Administrator's password, random unless Harbor itself is told another one. */
const adminSecretName = "harbor-admin";

/**
 * A random text of letters and digits.
 * @param length Harbor wants some at an exact length.
 */
export function randomText(
  name: string,
  length: number,
  parent: pulumi.Resource,
): random.RandomPassword {
  return new random.RandomPassword(
    name,
    // A robot's secret needs one of each kind, the others do not mind.
    { length, special: false, minLower: 1, minUpper: 1, minNumeric: 1 },
    { parent },
  );
}

/** Harbor's own passwords and keys, none of them one that it comes with. */
export function harborSecrets(
  namespace: pulumi.Input<string>,
  parent: pulumi.Resource,
): HarborSecrets {
  const text = (name: string, length: number) => randomText(`harbor-${name}`, length, parent);
  const declared = (name: string, data: Record<string, pulumi.Input<string>>) =>
    secret(name, { namespace, labels: objectLabels(name, "registry"), data }, parent);
  const registryPassword = text("registry-password", 32);
  return {
    core: declared("harbor-core", {
      // An AES key of exactly 16 bytes. It encrypts columns of the database: it must never change.
      "secret-key": text("secret-key", 16).result,
      "csrf-key": text("csrf-key", 32).result,
      "token-key": pulumi.secret(text("token-seed", 64).result.apply(rsaPrivateKey)),
    }),
    internal: declared("harbor-internal", {
      "core-secret": text("core-secret", 16).result,
      "jobservice-secret": text("jobservice-secret", 16).result,
      "registry-http-secret": text("registry-http-secret", 16).result,
      "registry-password": registryPassword.result,
      passwd: pulumi.interpolate`${registryUser}:${registryPassword.bcryptHash}\n`,
    }),
    admin: declared(adminSecretName, { password: text("admin-password", 24).result }),
  };
}

import * as random from "@pulumi/random";
import * as pulumi from "@pulumi/pulumi";
import type { Part } from "../shared/context";
import { secret, type DeclaredSecret } from "../shared/secret";
import { registryUser } from "./config-files";
import { rsaPrivateKey } from "./token-key";

/** Harbor's Secrets, by reader. */
export interface HarborSecrets {
  /** For core only: `secret-key`, `csrf-key` and `token-key`. */
  core: DeclaredSecret;
  /** For all parts: `core-secret`, `jobservice-secret`, `registry-http-secret`, `registry-password` and `passwd`. */
  internal: DeclaredSecret;
  /** `password` of the administrator. */
  admin: DeclaredSecret;
}

/**
 * Secret with the administrator's random initial password; Harbor ignores it once the administrator has another one.
 */
const adminSecretName = "harbor-admin";

/**
 * A random text of letters and digits.
 * @param length some keys of Harbor need an exact length.
 */
export function randomText(
  name: string,
  length: number,
  parent: pulumi.Resource,
): random.RandomPassword {
  return new random.RandomPassword(
    name,
    // A robot's secret needs one character of each kind; for the others it does no harm.
    { length, special: false, minLower: 1, minUpper: 1, minNumeric: 1 },
    { parent },
  );
}

/** Declares Harbor's passwords and keys, so that none has Harbor's default value. */
export function harborSecrets(part: Part): HarborSecrets {
  const text = (name: string, length: number) => randomText(`harbor-${name}`, length, part.parent);
  const declared = (name: string, data: Record<string, pulumi.Input<string>>) =>
    secret(part, name, { data });
  const registryPassword = text("registry-password", 32);
  return {
    core: declared("harbor-core", {
      // An AES key of exactly 16 bytes. It encrypts database columns, so it must never change.
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

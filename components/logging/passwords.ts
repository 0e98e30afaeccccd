import * as random from "@pulumi/random";
import type * as pulumi from "@pulumi/pulumi";

/**
 * Declares a random password of letters and digits, which need no escaping in files, URLs and shells. 32 of them are
 * 190 bits.
 */
export function password(
  name: string,
  parent: pulumi.Resource,
  length = 32,
): pulumi.Output<string> {
  return new random.RandomPassword(name, { length, special: false }, { parent }).result;
}

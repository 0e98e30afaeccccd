import * as random from "@pulumi/random";
import type * as pulumi from "@pulumi/pulumi";

/**
 * A password of letters and digits, which mean the same in every file, address and shell.
 * 32 of them are 190 bits.
 */
export function password(
  name: string,
  parent: pulumi.Resource,
  length = 32,
): pulumi.Output<string> {
  return new random.RandomPassword(name, { length, special: false }, { parent }).result;
}

import type * as pulumi from "@pulumi/pulumi";

/** Who writes to a bucket: a Secret that has a {@link credentialsFile}, or the keys themselves, which are secret. */
export type BucketKeys =
  { secret: string } | { accessKey: pulumi.Input<string>; secretKey: pulumi.Input<string> };

/** Name of the file, and so of the Secret's key, that says who writes to a bucket. */
export const credentialsFile = "credentials";

/** A credentials file as the tools of AWS read it. */
export function awsCredentials(accessKey: string, secretKey: string): string {
  return `[default]\naws_access_key_id = ${accessKey}\naws_secret_access_key = ${secretKey}\n`;
}

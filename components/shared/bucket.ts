import type * as pulumi from "@pulumi/pulumi";

/** Credentials of a bucket: a Secret with a {@link credentialsFile}, or the keys themselves, as secret values. */
export type BucketKeys =
  { secret: string } | { accessKey: pulumi.Input<string>; secretKey: pulumi.Input<string> };

/** Name of the file, and key of the Secret, with the credentials of a bucket. */
export const credentialsFile = "credentials";

/** Returns a credentials file in the format of the AWS tools. */
export function awsCredentials(accessKey: string, secretKey: string): string {
  return `[default]\naws_access_key_id = ${accessKey}\naws_secret_access_key = ${secretKey}\n`;
}

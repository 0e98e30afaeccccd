/** Advice on errors of the engine that do not say what to do. */
const advices: [
  error: RegExp,
  advice: (stack: string, found: RegExpExecArray) => string,
  page?: string,
][] = [
  [
    /incorrect passphrase/,
    (stack) =>
      `PULUMI_CONFIG_PASSPHRASE, or the file that PULUMI_CONFIG_PASSPHRASE_FILE names, does not hold the passphrase of stack "${stack}", or the encryptionsalt in its file is not the committed one`,
  ],
  [
    /cipher: message authentication failed/,
    (stack) =>
      `the encrypted values in the file of stack "${stack}" do not match its encryptionsalt or encryptedkey; restore the committed file`,
  ],
  [
    // From a backend in a folder, which writes a metadata file next to each state in place.
    /failed to load checkpoint: (?:unexpected )?EOF/,
    (stack) =>
      `a kill truncated the metadata file next to the state of stack "${stack}", which is complete; repair it with: npx platform recover ${stack}; with ?metadata=skip after the folder in PULUMI_BACKEND_URL there is no such file`,
    "docs/interrupted-updates.md",
  ],
  [
    /operation error S3: .*(SignatureDoesNotMatch|InvalidAccessKeyId|get credentials)/,
    () =>
      "the S3 server rejects these keys; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_SHARED_CREDENTIALS_FILE and AWS_PROFILE, to those of an account that the policy of the state's bucket names",
  ],
  [
    /operation error S3: .*AccessDenied/,
    () =>
      "the bucket's policy does not allow this with these keys: the keys for merge requests can only read the state, and the keys for releases can delete only locks",
  ],
  [
    /operation error S3: .*NoSuchBucket/,
    () => "PULUMI_BACKEND_URL names a bucket that the server does not have",
  ],
  [
    // From a language host that starts the program: the official one, or Node.js itself.
    /fork\/exec .*argument list too long|spawn E2BIG/,
    (stack) =>
      `the config of stack "${stack}" is longer than the 128 KiB that a process can be given in one variable; give its apps stacks of their own`,
    "docs/decisions/stacks.md",
  ],
  [
    // Text of the API server, in the messages of both plugins.
    /conflicts? with "kubectl/,
    (stack) =>
      `somebody changed these fields with kubectl, and a preview cannot take them over, though an update can; with the config of the last update, run: pulumi up --skip-preview --refresh --run-program --stack ${stack}; then preview the change again`,
    "docs/previews.md",
  ],
  [
    // Text of the API server about fields of which an object may have only one, such as the kinds of a probe.
    /Preview failed: .*(?:may not specify more than (?:1|one) |may not be specified when )/,
    (stack) =>
      `if an object has not been updated since it was created, a preview cannot remove its fields, though an update can; check the change with: npx platform render ${stack} <dir>; then apply it with: pulumi up --skip-preview --stack ${stack}`,
    "docs/previews.md",
  ],
  [
    // The engine prints Vault's response in a separate paragraph, far below the error.
    /VAULT_SERVER_URL nor VAULT_ADDR|URL: \S+ \S+\/(?:en|de)crypt\/\S+\s+Code: \d+\. Errors:\s+\* (.*)/,
    (stack, [, reason]) =>
      `the secrets of stack "${stack}" are kept by a Vault${reason === undefined ? "" : `, which says: ${reason}`}; set VAULT_ADDR to its address and VAULT_TOKEN to a token that may encrypt and decrypt with the key`,
  ],
];

/**
 * Returns what to do about an error that the engine printed; undefined if its own text suffices.
 * @param output output of the engine; it may also contain errors of the cluster or the program.
 */
export function adviceOn(stack: string, output: string): string | undefined {
  for (const [error, advice, page = "docs/state.md"] of advices) {
    const found = error.exec(output);
    if (found !== null) return `${advice(stack, found)} (${page})`;
  }
  return undefined;
}

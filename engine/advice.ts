/** What to do about an error that the engine names, but gives no way out of. */
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
      `what is encrypted in the file of stack "${stack}" and the encryptionsalt or encryptedkey there do not belong together; take the committed file back`,
  ],
  [
    // Of a backend in a folder, which writes a file beside each state in place.
    /failed to load checkpoint: (?:unexpected )?EOF/,
    (stack) =>
      `a kill cut off the file of metadata beside the state of stack "${stack}", which itself is whole; mend it with: npm run recover -- ${stack}; with ?metadata=skip after the folder in PULUMI_BACKEND_URL there is no such file`,
    "docs/interrupted-updates.md",
  ],
  [
    /operation error S3: .*(SignatureDoesNotMatch|InvalidAccessKeyId|get credentials)/,
    () =>
      "the bucket of the state knows no such keys; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_SHARED_CREDENTIALS_FILE and AWS_PROFILE, to those of an account that its policy names",
  ],
  [
    /operation error S3: .*AccessDenied/,
    () =>
      "the bucket's policy does not let these keys do that; those of merge requests only read the state, and nothing but locks is deleted with those that release",
  ],
  [
    /operation error S3: .*NoSuchBucket/,
    () => "PULUMI_BACKEND_URL names a bucket that the server does not have",
  ],
  [
    // Of a language host that starts the program: the official one's, or Node.js' own.
    /fork\/exec .*argument list too long|spawn E2BIG/,
    (stack) =>
      `the config of stack "${stack}" is longer than the 128 KiB that a process can be given in one variable; give its apps stacks of their own`,
    "docs/decisions/stacks.md",
  ],
  [
    // The API server's words, in the message of either plugin.
    /conflicts? with "kubectl/,
    (stack) =>
      `somebody changed these fields with kubectl, and a preview cannot take them over, though an update can; with the config of the last update, run: pulumi up --skip-preview --refresh --run-program --stack ${stack}; then preview the change again`,
    "docs/previews.md",
  ],
  [
    // The engine prints what a Vault says in a paragraph of its own, far below the error.
    /VAULT_SERVER_URL nor VAULT_ADDR|URL: \S+ \S+\/(?:en|de)crypt\/\S+\s+Code: \d+\. Errors:\s+\* (.*)/,
    (stack, [, reason]) =>
      `the secrets of stack "${stack}" are kept by a Vault${reason === undefined ? "" : `, which says: ${reason}`}; set VAULT_ADDR to its address and VAULT_TOKEN to a token that may encrypt and decrypt with the key`,
  ],
];

/**
 * What to do about an error that the engine printed; nothing where its own text says all.
 * @param output of the engine. It may hold an error of the cluster or of the program as well.
 */
export function adviceOn(stack: string, output: string): string | undefined {
  for (const [error, advice, page = "docs/state.md"] of advices) {
    const found = error.exec(output);
    if (found !== null) return `${advice(stack, found)} (${page})`;
  }
  return undefined;
}

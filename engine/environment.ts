/**
 * Variables of every start of the engine. Where a stack's file has lost its `encryptionsalt`, the
 * engine would make a new one, and encrypt the state anew with whatever passphrase it is given; so it
 * takes the one that the state has.
 */
export const engineVariables = { PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true" };

/** What is said where there is no engine to start. */
export function notStarted(error: Error): Error {
  return new Error(
    `pulumi could not be started (${error.message}). Put it on the PATH; for the local cluster: eval "$(npm run -s local:env)"`,
  );
}

/**
 * Environment variables for every start of the engine. If a stack file has lost its `encryptionsalt`, the engine would
 * create a new one, and re-encrypt the state with whatever passphrase it gets; this makes it use the one in the state.
 */
export const engineVariables = { PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true" };

/** Returns the error for an engine that cannot be started. */
export function notStarted(error: Error): Error {
  return new Error(
    `pulumi could not be started (${error.message}). Put it on the PATH; for the local cluster: eval "$(npx platform local env)"`,
  );
}

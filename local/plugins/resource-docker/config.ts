import { PropertyMap, PropertyValue, unwrapSecrets } from "../shared/values";
import type { Login } from "./spec";

/** The provider's configuration. */
export interface ProviderConfig {
  /** Environment variables of every docker command. */
  env: NodeJS.ProcessEnv;
  logins: Login[];
}

/** Properties of the provider that docker reads from environment variables. */
const VARIABLES = {
  host: "DOCKER_HOST",
  context: "DOCKER_CONTEXT",
  certPath: "DOCKER_CERT_PATH",
} as const;

const UNSUPPORTED = ["caMaterial", "certMaterial", "keyMaterial", "sshOpts"];

/**
 * Reads the provider's configuration.
 * @throws Error for settings that this plugin does not support.
 */
export function readConfig(inputs: PropertyMap): ProviderConfig {
  const plain = unwrapSecrets(inputs);
  const unsupported = UNSUPPORTED.filter((name) => isSet(plain[name]));
  if (unsupported.length > 0) {
    throw new Error(
      `The docker plugin for machines without plugin downloads does not know ${unsupported.join(", ")}. ` +
        "Use certPath, or a host in your SSH configuration, or install the official plugin.",
    );
  }
  const env: NodeJS.ProcessEnv = {};
  for (const [name, variable] of Object.entries(VARIABLES)) {
    const value = plain[name];
    if (typeof value === "string" && value !== "") env[variable] = value;
  }
  if (env.DOCKER_CERT_PATH !== undefined) env.DOCKER_TLS_VERIFY = "1";
  return { env, logins: readLogins(plain.registryAuth) };
}

/** The SDK sends nested configuration as JSON. */
function readLogins(value: PropertyValue | undefined): Login[] {
  if (!isSet(value)) return [];
  const list: unknown = typeof value === "string" ? JSON.parse(value) : value;
  if (!Array.isArray(list))
    throw new Error("docker provider: registryAuth: expected a list, got something else");
  return list.flatMap((auth: Record<string, unknown>) => {
    const { address, username, password } = auth;
    if (typeof address !== "string")
      throw new Error("docker provider: registryAuth: expected an address in each entry, got none");
    // Without a name and password, the user's own docker login applies.
    return typeof username === "string" && typeof password === "string"
      ? [{ server: address, username, password }]
      : [];
  });
}

function isSet(value: PropertyValue | undefined): boolean {
  return value !== undefined && value !== null && value !== "";
}

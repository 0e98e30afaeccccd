import { fileURLToPath } from "node:url";

/**
 * Returns the folder in which the engine stores states, locks and histories; undefined for other backends.
 * @param backend URL of the backend, as the engine receives it.
 */
export function stateFolder(
  backend: string | undefined = process.env.PULUMI_BACKEND_URL,
): string | undefined {
  if (backend?.startsWith("file:///") !== true) return undefined;
  return fileURLToPath(new URL(backend).href.replace(/[?#].*$/, ""));
}

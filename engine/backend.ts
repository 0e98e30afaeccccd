import { fileURLToPath } from "node:url";

/**
 * The folder in which the engine keeps states, locks and histories; nothing where they are elsewhere.
 * @param backend address of the backend, as the engine is told it.
 */
export function stateFolder(
  backend: string | undefined = process.env.PULUMI_BACKEND_URL,
): string | undefined {
  if (backend?.startsWith("file:///") !== true) return undefined;
  return fileURLToPath(new URL(backend).href.replace(/[?#].*$/, ""));
}

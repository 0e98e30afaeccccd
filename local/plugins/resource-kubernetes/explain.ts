import { ApiError } from "./client";
import { title, type ObjectName } from "./objects";

/** Returns an error about an object for the user: what, where, why, and what to do next. */
export function explain(error: unknown, name: ObjectName, address: string): Error {
  if (!(error instanceof ApiError)) return error as Error;
  const where = `${title(name)} at ${address}`;
  const message = error.message.replace(/\.?$/, "");
  switch (error.status) {
    case 401:
      return new Error(`${where}: not logged in (${message}); renew the kubeconfig's credentials.`);
    case 403:
      return new Error(
        `${where}: not allowed: ${message}. Give the user that role, or change what was refused.`,
      );
    case 409:
      return new Error(error.exists ? present(where) : conflict(where, error));
    case 422:
      return new Error(`${where}: invalid: ${causes(error) || message}.`);
    default:
      return new Error(`${where}: ${message}.`);
  }
}

function present(where: string): string {
  return (
    `${where} already exists, and this stack's state does not know it. ` +
    `If an update was interrupted, recover the state; otherwise import the object (pulumi import, or the option "import"), or give the new one another name.`
  );
}

function conflict(where: string, { message, body }: ApiError): string {
  const fields = body.details?.causes?.map(({ field, message: who }) => `${field} (${who})`);
  if (fields === undefined || fields.length === 0) return `${where}: conflict: ${message}.`;
  return (
    `${where}: another manager owns ${fields.join(", ")}. Leave these fields to it and remove them from the program, ` +
    `or take them over with the annotation pulumi.com/patchForce: "true".`
  );
}

function causes({ body }: ApiError): string {
  return (body.details?.causes ?? [])
    .map(({ field, message }) => `${field ?? ""}: ${message ?? ""}`)
    .join("; ");
}

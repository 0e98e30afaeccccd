import type { Registration } from "../../render/record";
import { everythingBefore } from "./graph";

interface Subject {
  kind: string;
  name: string;
  namespace?: string;
}

interface Pod {
  serviceAccountName?: string;
}

interface PodSpec {
  template?: { spec?: Pod };
  jobTemplate?: { spec?: { template?: { spec?: Pod } } };
}

/**
 * Returns each object whose pods could start before their service account, or before a binding that grants the account's
 * rights or its role: its requests would then be refused. One sentence each.
 */
export function podsBeforeRights(registrations: Registration[]): string[] {
  return registrations.flatMap(({ urn, inputs }) => {
    const account = accountOf(inputs);
    if (account === undefined) return [];
    const before = everythingBefore(registrations, urn);
    return rightsOf(account, registrations)
      .filter((needed) => !before.has(needed.urn))
      .map((needed) => `${urn} without ${needed.urn}`);
  });
}

/** The account of an object's pods; undefined if they have none of their own. */
function accountOf(inputs: Registration["inputs"]): Required<Subject> | undefined {
  const { namespace } = (inputs["metadata"] ?? {}) as { namespace?: string };
  const { template, jobTemplate } = (inputs["spec"] ?? {}) as PodSpec;
  const name = (template ?? jobTemplate?.spec?.template)?.spec?.serviceAccountName;
  if (name === undefined || namespace === undefined) return undefined;
  return { kind: "ServiceAccount", name, namespace };
}

/** The declared account, its bindings, and the declared roles of these. */
function rightsOf(account: Required<Subject>, registrations: Registration[]): Registration[] {
  const bindings = registrations.filter(({ type, inputs }) => {
    const { subjects = [] } = inputs as { subjects?: Subject[] };
    return (
      /:(Cluster)?RoleBinding$/.test(type) &&
      subjects.some(
        ({ kind, name, namespace }) =>
          kind === account.kind && name === account.name && namespace === account.namespace,
      )
    );
  });
  const roles = bindings.flatMap(({ inputs }) => {
    const { kind, name } = inputs["roleRef"] as { kind: string; name: string };
    const namespace = kind === "Role" ? metadataOf(inputs).namespace : undefined;
    return declared({ kind, name, namespace }, registrations);
  });
  return [...declared(account, registrations), ...bindings, ...roles];
}

function declared(
  { kind, name, namespace }: { kind: string; name: string; namespace: string | undefined },
  registrations: Registration[],
): Registration[] {
  return registrations.filter(({ type, inputs }) => {
    const own = metadataOf(inputs);
    return type.endsWith(`:${kind}`) && own.name === name && own.namespace === namespace;
  });
}

function metadataOf(inputs: Registration["inputs"]): { name?: string; namespace?: string } {
  return inputs["metadata"] ?? {};
}

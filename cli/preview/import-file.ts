import type { StateResource } from "../../engine/state";
import type { Step } from "./steps";

/** A resource as `pulumi import --file` takes it. */
interface Imported {
  type: string;
  /** Name by which other resources of the file refer to it; unique in the file. */
  name: string;
  /** Name in the program. */
  logicalName: string;
  parent?: string;
  provider?: string;
  id?: string;
  component?: true;
  /** Config of a provider, which is created. */
  inputs?: Record<string, unknown>;
}

/** The file of `pulumi import --file`. */
export interface ImportFile {
  /** URNs of resources that the state has, by the names that the file gives them. */
  nameTable: Record<string, string>;
  resources: Imported[];
}

/**
 * Returns the import file that adds existing objects to the state, at the places where the program declares them.
 * @param found steps that create the objects.
 * @param steps all steps; the components and providers of the objects are taken from them, unless the state has them.
 */
export function importFileOf(
  found: readonly Step[],
  steps: readonly Step[],
  known: readonly StateResource[],
): ImportFile {
  const recorded = new Set(known.map(({ urn }) => urn));
  const created = new Map(steps.map((step) => [step.urn, step]));
  const file: ImportFile = { nameTable: {}, resources: [] };
  const names = new Map<string, string>();

  /** Returns the name of a resource in the file, and adds it before the one that needs it. */
  function add(urn: string | undefined): string | undefined {
    const step = urn === undefined ? undefined : created.get(urn);
    if (urn === undefined || (step === undefined && !recorded.has(urn))) return undefined;
    const former = names.get(urn);
    if (former !== undefined) return former;
    const name = `r${names.size + 1}`;
    names.set(urn, name);
    if (step === undefined || recorded.has(urn)) file.nameTable[name] = urn;
    else file.resources.push(importEntry(step, name));
    return name;
  }

  function importEntry(step: Step, name: string): Imported {
    const { type, urn, real, after } = step;
    const [parent, provider] = [add(parentIn(step)), add(providerIn(step))];
    const isProvider = type.startsWith("pulumi:providers:");
    return {
      type,
      name,
      logicalName: urn.split("::").slice(3).join("::"),
      ...(parent && { parent }),
      ...(!real ? { component: true } : isProvider ? { inputs: after } : { id: idOf(step) }),
      ...(real && !isProvider && provider && { provider }),
    };
  }

  for (const { urn } of found) add(urn);
  return file;
}

/** The stack itself is the default. */
function parentIn({ parentUrn }: Step): string | undefined {
  return parentUrn?.includes("::pulumi:pulumi:Stack::") === true ? undefined : parentUrn;
}

/** Returns the URN in `<URN>::<ID>`. */
function providerIn({ provider }: Step): string | undefined {
  return provider?.split("::").slice(0, -1).join("::");
}

function idOf({ namespace, name }: Step): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

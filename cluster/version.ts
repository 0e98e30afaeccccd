import * as pulumi from "@pulumi/pulumi";
import { ProgramError } from "../config";
import {
  newFields,
  supportedKubernetes,
  type KubernetesVersion,
  type NewField,
} from "../versions/kubernetes";
import { hasEngine } from "./engine";
import { ClusterReader, type ReaderArgs } from "./reader";
import type { RegistrationGate } from "./registration-gate";

/** The cluster, and its expected version. */
export interface VersionArgs extends ReaderArgs {
  /** Minor version in the config. Default: the cluster's version. */
  version?: KubernetesVersion;
}

/**
 * Returns the minor version that objects are declared for: the cluster's. Without an engine it is the one in the
 * config, or else the oldest supported one.
 * @throws ProgramError if the cluster's version differs from the config, or is not supported.
 */
export async function clusterVersion(args: VersionArgs): Promise<KubernetesVersion> {
  if (!hasEngine()) return args.version ?? supportedKubernetes[0];
  const reader = new ClusterReader(args);
  try {
    return checkedVersion(await reader.get("/version"), args);
  } finally {
    reader.close();
  }
}

/**
 * Returns the version in an API server's response to `/version`.
 * @throws like {@link clusterVersion}.
 */
export function checkedVersion(
  answer: { major?: string; minor?: string } | undefined,
  { context, version: stated }: Pick<VersionArgs, "context" | "version">,
): KubernetesVersion {
  // Some providers write the minor version as `36+`.
  const { major, minor } = answer ?? {};
  const known = major !== undefined && minor !== undefined;
  const found = known ? `${major}.${minor.replace(/\D+$/, "")}` : "an unknown one";
  if (stated !== undefined && stated !== found) {
    throw new ProgramError(
      `platform:cluster.version: expected the version of the cluster, got ${stated}; context "${context}" points to Kubernetes ${found}. ` +
        "Nothing was changed. State the new version in a change of its own, so that its preview shows what it means.",
    );
  }
  const supported = supportedKubernetes.find((version) => version === found);
  if (supported !== undefined) return supported;
  throw new ProgramError(
    `Kubernetes: expected one of the versions ${supportedKubernetes.join(", ")}, got ${found} in context "${context}". ` +
      "Nothing was changed. docs/decisions/cluster-versions.md says how a version is added.",
  );
}

/**
 * Returns a transformation that rejects each object with a field that the cluster's version does not support. It runs
 * when objects are declared, before the first one reaches the engine. A value that is known only after others were
 * created, such as a pod template behind a migration, is checked before its own object reaches the engine.
 * @param gate says whether other objects have reached the engine.
 */
export function knownFieldsOnly(
  version: KubernetesVersion,
  gate: Pick<RegistrationGate, "unchanged">,
): pulumi.ResourceTransformation {
  const newer = newFields.filter((it) => isNewer(it, version));
  return ({ type, name, props, opts }) => {
    // A CRD describes fields of other objects.
    if (!type.startsWith("kubernetes:") || type.endsWith(":CustomResourceDefinition")) {
      return undefined;
    }
    const kind = type.split(":").at(-1) ?? "";
    const checked = checkAll(props, "", (path, value) => {
      const field = newer.find((it) => matches(it, kind, path, value));
      if (field === undefined) return;
      const wanted = field.since === undefined ? "needs a feature gate" : `needs ${field.since}`;
      throw new ProgramError(
        `${kind} ${name}: expected fields of Kubernetes ${version}, got ${path}${field.values === undefined ? "" : ` ${JSON.stringify(value)}`}, which ${wanted}. ${gate.unchanged}`,
      );
    });
    return checked === props ? undefined : { props: checked as object, opts };
  };
}

function isNewer({ since }: NewField, version: string): boolean {
  return since === undefined || minorOf(since) > minorOf(version);
}

/** Returns the minor version in a text such as `1.36` or `v1.36.3`; NaN if there is none. */
export function minorOf(text: string): number {
  return Number(/^v?1\.(\d+)/.exec(text)?.[1]);
}

function matches(
  { field, kind, values }: NewField,
  ownKind: string,
  path: string,
  value: unknown,
): boolean {
  return (
    (path === field || path.endsWith(`.${field}`)) &&
    (kind === undefined || kind === ownKind) &&
    (values === undefined || values.includes(value))
  );
}

/** Checks a value. */
type Check = (path: string, value: unknown) => void;

/**
 * Checks every value of an object, and returns the object. Outputs are replaced by outputs that are checked once they
 * are known: the engine waits for an input of a resource, and does not register it after an error, but nothing waits for
 * other outputs.
 */
function checkAll(value: unknown, path: string, check: Check): unknown {
  if (value === undefined || value === null) return value;
  if (pulumi.Output.isInstance(value)) {
    return value.apply((known) => checkAll(known, path, check));
  }
  check(path, value);
  if (typeof value !== "object") return value;
  const isList = Array.isArray(value);
  // Most values contain no outputs, and need no copy.
  let copy: Record<string, unknown> | undefined;
  for (const [key, field] of Object.entries(value)) {
    const own = isList ? `${path}[]` : path === "" ? key : `${path}.${key}`;
    const checked = checkAll(field, own, check);
    if (checked === field) continue;
    copy ??= (isList ? [...(value as unknown[])] : { ...value }) as Record<string, unknown>;
    copy[key] = checked;
  }
  return copy ?? value;
}

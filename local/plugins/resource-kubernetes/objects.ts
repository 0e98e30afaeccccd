import {
  isMap,
  Secret,
  UNKNOWN,
  unwrapSecrets,
  type PropertyMap,
  type PropertyValue,
} from "../shared/values";

/** A Kubernetes object in the API server's form. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    generation?: number;
    resourceVersion?: string;
    deletionTimestamp?: string;
    finalizers?: string[];
    annotations?: Record<string, string>;
    managedFields?: FieldsEntry[];
  };
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
  [field: string]: unknown;
}

/** Which fields a manager of an object owns, as the API server writes it. */
export interface FieldsEntry {
  manager: string;
  /** `Apply` or `Update`. */
  operation: string;
  subresource?: string;
  fieldsV1?: Record<string, unknown>;
}

/** What an object is called in messages and where it is found. */
export interface ObjectName {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
}

/** apiVersion and kind of a type token such as `kubernetes:apps/v1:Deployment`. */
export function kindOfToken(token: string): { apiVersion: string; kind: string } {
  const [, version = "", kind = ""] = token.split(":");
  return {
    apiVersion: version.startsWith("core/") ? version.slice("core/".length) : version,
    kind,
  };
}

/** The name of the object that inputs describe. */
export function nameOf(inputs: PropertyMap, token: string): ObjectName {
  const { metadata, apiVersion, kind } = unwrapSecrets(inputs);
  const fallback = kindOfToken(token);
  const { name, namespace } = isMap(metadata) ? metadata : {};
  return {
    apiVersion: text(apiVersion) ?? fallback.apiVersion,
    kind: text(kind) ?? fallback.kind,
    namespace: text(namespace),
    name: text(name) ?? "",
  };
}

/** The id of an object: `namespace/name`, or its name where there is no namespace. */
export function idOf({ namespace, name }: ObjectName): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** The object that an id names, for a read without inputs. */
export function nameOfId(id: string, token: string): ObjectName {
  const slash = id.indexOf("/");
  const place =
    slash < 0 ? { name: id } : { namespace: id.slice(0, slash), name: id.slice(slash + 1) };
  return { ...kindOfToken(token), ...place };
}

/** `Deployment commerce-dev/shop`, as a person would say it. */
export function title({ kind, namespace, name }: ObjectName): string {
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

/** Inputs with other metadata; they stay as they are where it is not known yet. */
export function withMetadata(
  inputs: PropertyMap,
  change: (metadata: PropertyMap) => PropertyMap,
): PropertyMap {
  const { metadata } = inputs;
  const content = metadata instanceof Secret ? metadata.value : metadata;
  if (content === UNKNOWN) return inputs;
  const changed = change(isMap(content) ? content : {});
  return { ...inputs, metadata: metadata instanceof Secret ? new Secret(changed) : changed };
}

/** An annotation's value, if the inputs set it. */
export function annotation(inputs: PropertyMap, key: string): string | undefined {
  const { metadata } = unwrapSecrets(inputs);
  const annotations = isMap(metadata) ? metadata.annotations : undefined;
  return isMap(annotations) ? text(annotations[key]) : undefined;
}

function text(value: PropertyValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

import {
  isMap,
  Secret,
  UNKNOWN,
  unwrapSecrets,
  type PropertyMap,
  type PropertyValue,
} from "../shared/values";

/** A Kubernetes object in the API's format. */
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

/** The fields that a manager owns, in the API's format. */
export interface FieldsEntry {
  manager: string;
  /** `Apply` or `Update`. */
  operation: string;
  subresource?: string;
  fieldsV1?: Record<string, unknown>;
}

/** Identity of an object, for paths and messages. */
export interface ObjectName {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
}

/** Returns apiVersion and kind of a type token such as `kubernetes:apps/v1:Deployment`. */
export function kindOfToken(token: string): { apiVersion: string; kind: string } {
  const [, version = "", kind = ""] = token.split(":");
  return {
    apiVersion: version.startsWith("core/") ? version.slice("core/".length) : version,
    kind,
  };
}

/** Returns the identity of the object that inputs describe. */
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

/** Returns the ID of an object: `namespace/name`, or its name if it has no namespace. */
export function idOf({ namespace, name }: ObjectName): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** Returns the identity of an object by its ID, for a read without inputs. */
export function nameOfId(id: string, token: string): ObjectName {
  const slash = id.indexOf("/");
  const place =
    slash < 0 ? { name: id } : { namespace: id.slice(0, slash), name: id.slice(slash + 1) };
  return { ...kindOfToken(token), ...place };
}

/** Returns kind, namespace and name for messages, for example `Deployment commerce-dev/shop`. */
export function title({ kind, namespace, name }: ObjectName): string {
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

/** Returns inputs with other metadata; they are unchanged if their metadata is not known yet. */
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

/** Returns the value of an annotation, if the inputs set it. */
export function annotation(inputs: PropertyMap, key: string): string | undefined {
  const { metadata } = unwrapSecrets(inputs);
  const annotations = isMap(metadata) ? metadata.annotations : undefined;
  return isMap(annotations) ? text(annotations[key]) : undefined;
}

function text(value: PropertyValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

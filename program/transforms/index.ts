import * as pulumi from "@pulumi/pulumi";
import {
  InvalidConfig,
  keyOf,
  lookup,
  ProgramError,
  type ConfigError,
  type StackConfig,
} from "../../config";
import { expected } from "../../config/errors";
import { parsePath } from "../../config/field-path";
import { titleOf } from "../../config/kubernetes-object";
import { nearestOf } from "../../config/nearest";
import { transforms as fromCode } from "./from-code";
import { identityOf, type Namespaces } from "./identity";
import { FieldProblem, setField } from "./set-field";
import type { Props, Transform, TransformedObject } from "./transform";

/** Options of the parts' resources, and the end of the transforms. */
export interface Transformed {
  opts: pulumi.ComponentResourceOptions;
  /**
   * Ends the transforms after the last part: what is declared after it stays as it is.
   * @throws InvalidConfig with every transform that has no object, and every path that does not fit its object.
   */
  endTransforms: () => void;
}

/**
 * Returns options with which the objects of the platform's parts are transformed, before other transformations see
 * them.
 * @param transforms those from code.
 */
export function withTransforms(
  { transforms: fromConfig }: Pick<StackConfig, "transforms">,
  opts: pulumi.ComponentResourceOptions,
  transforms: readonly Transform[] = fromCode,
): Transformed {
  if (transforms.length === 0 && Object.keys(fromConfig).length === 0) {
    return { opts, endTransforms: () => undefined };
  }
  const namespaces: Namespaces = new Map();
  const declared = new Map<string, string>();
  const errors: ConfigError[] = [];
  let hasEnded = false;

  const applyConfig = (title: string, props: Props): Props => {
    const { set = {} } = lookup(fromConfig, title) ?? {};
    return Object.entries(set).reduce((changed, [path, value]) => {
      const key = keyOf("platform:transforms", [title, "set", path]);
      const later = ({ message }: FieldProblem) => new ProgramError(`${key}: ${message}`);
      try {
        return setField(changed, parsePath(path) ?? [], value, later) as Props;
      } catch (error) {
        if (!(error instanceof FieldProblem)) throw error;
        errors.push({ key, message: error.message });
        return changed;
      }
    }, props);
  };

  const transformation: pulumi.ResourceTransformation = ({ type, resource, props, opts: own }) => {
    if (hasEnded) return undefined;
    const given = props as Props;
    const object = identityOf(type, given, namespaces);
    if (object === undefined) return undefined;
    if (object.kind === "Namespace") namespaces.set(resource, object.name);
    const title = titleOf(object);
    const other = declared.get(title);
    if (Object.hasOwn(fromConfig, title) && other !== undefined) {
      const message = expected(
        "the title of one object",
        `that of two: ${other} and ${object.apiVersion}`,
      );
      errors.push({ key: keyOf("platform:transforms", [title]), message });
    }
    declared.set(title, object.apiVersion);
    const changed = transforms.reduce(
      (before, transform) => applyCode(transform, object, before),
      given,
    );
    return { props: applyConfig(title, changed), opts: own };
  };

  const endTransforms = (): void => {
    hasEnded = true;
    const missing = Object.keys(fromConfig).filter((title) => !declared.has(title));
    const all = [...missing.map((title) => noObject(title, [...declared.keys()])), ...errors];
    if (all.length > 0) throw new InvalidConfig(pulumi.getStack(), all);
  };
  return {
    opts: pulumi.mergeOptions({ transformations: [transformation] }, opts),
    endTransforms,
  };
}

function noObject(title: string, declared: readonly string[]): ConfigError {
  const near = nearestOf(title, declared);
  const next =
    near === undefined
      ? "a part that is off has no objects, and those of apps, charts and manifests cannot be named here"
      : `did you mean "${near}"?`;
  const message = expected(
    "an object that a part of this stack declares",
    "none of this name",
    next,
  );
  return { key: keyOf("platform:transforms", [title]), message };
}

/**
 * Returns the inputs of an object after a transform from code.
 * @throws ProgramError if the transform sets a field that has no place, or makes another object of it.
 */
function applyCode(transform: Transform, object: TransformedObject, before: Props): Props {
  const subject = `Transform "${transform.title}" of ${titleOf(object)}`;
  const after = applyTransform(transform, object, before, subject);
  const [was, is] = [identityIn(before), identityIn(after)];
  const field = Object.keys(was).find((key) => was[key] !== is[key]);
  if (field === undefined) return after;
  throw new ProgramError(
    `${subject}: expected the same ${field}, got another one; it identifies the object. Nothing was changed.`,
  );
}

function applyTransform(
  transform: Transform,
  object: TransformedObject,
  before: Props,
  subject: string,
): Props {
  try {
    return transform.apply(object, before) ?? before;
  } catch (error) {
    if (!(error instanceof FieldProblem)) throw error;
    throw new ProgramError(`${subject}: ${error.message}. Nothing was changed.`);
  }
}

function identityIn({ apiVersion, kind, metadata }: Props): Record<string, unknown> {
  const { name, namespace } = (metadata ?? {}) as Record<string, unknown>;
  return { apiVersion, kind, "metadata.name": name, "metadata.namespace": namespace };
}

import {
  isMap,
  Secret,
  UNKNOWN,
  containsSecret,
  type PropertyMap,
  type PropertyValue,
} from "../shared/values";
import { withMetadata, type KubernetesObject } from "./objects";

/** What the engine records of an object: all of it but the bookkeeping of field managers. */
export function outputsOf(live: KubernetesObject, inputs: PropertyMap): PropertyMap {
  const metadata = { ...live.metadata };
  delete metadata.managedFields;
  const outputs = { ...live, metadata } as unknown as PropertyMap;
  return hidden(outputs, inputs, live.kind);
}

/** What a preview can tell: the server's own answer, without what differs from time to time. */
export function previewedOutputs(live: KubernetesObject, inputs: PropertyMap): PropertyMap {
  const outputs = outputsOf(live, inputs);
  const passing: PropertyMap = {
    uid: UNKNOWN,
    resourceVersion: UNKNOWN,
    creationTimestamp: UNKNOWN,
  };
  return {
    ...withMetadata(outputs, (metadata) => ({ ...metadata, ...passing })),
    ...(outputs.status === undefined ? {} : { status: UNKNOWN }),
  };
}

/** What a preview can tell when the server cannot be asked yet: the inputs. */
export function echoedOutputs(inputs: PropertyMap): PropertyMap {
  const named = withMetadata(inputs, (metadata) => ({ ...metadata, uid: UNKNOWN }));
  return { ...named, status: UNKNOWN };
}

/** Secret where the inputs were, and all of a Secret's content. */
function hidden(outputs: PropertyMap, inputs: PropertyMap, kind: string): PropertyMap {
  const result = { ...outputs };
  for (const [key, value] of Object.entries(inputs)) {
    const output = result[key];
    if (output !== undefined && containsSecret(value)) result[key] = hide(output, value);
  }
  if (kind === "Secret" && result.data !== undefined && !(result.data instanceof Secret)) {
    result.data = new Secret(result.data);
  }
  return result;
}

function hide(output: PropertyValue, input: PropertyValue): PropertyValue {
  if (input instanceof Secret) return output instanceof Secret ? output : new Secret(output);
  if (isMap(output) && isMap(input)) {
    return Object.fromEntries(
      Object.entries(output).map(([key, value]) => {
        const other = Object.hasOwn(input, key) ? input[key] : undefined;
        return [key, other === undefined || !containsSecret(other) ? value : hide(value, other)];
      }),
    );
  }
  // Which item is which cannot be told once the server has merged a list.
  return new Secret(output);
}

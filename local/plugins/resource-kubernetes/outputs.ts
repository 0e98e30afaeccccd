import {
  isMap,
  Secret,
  UNKNOWN,
  containsSecret,
  type PropertyMap,
  type PropertyValue,
} from "../shared/values";
import { withMetadata, type KubernetesObject } from "./objects";

/** Returns the recorded outputs of an object: all of it except `managedFields`. */
export function outputsOf(live: KubernetesObject, inputs: PropertyMap): PropertyMap {
  const metadata = { ...live.metadata };
  delete metadata.managedFields;
  const outputs = { ...live, metadata } as unknown as PropertyMap;
  return hidden(outputs, inputs, live.kind);
}

/** Returns the outputs of a preview: the server's response, without fields that change every time. */
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

/** Returns the outputs of a preview without a server: the inputs. */
export function echoedOutputs(inputs: PropertyMap): PropertyMap {
  const named = withMetadata(inputs, (metadata) => ({ ...metadata, uid: UNKNOWN }));
  return { ...named, status: UNKNOWN };
}

/** Marks as secret what is secret in the inputs, and the content of a Secret. */
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
  // After the server has merged a list, its items cannot be matched to the inputs.
  return new Secret(output);
}

import type { KubernetesObject } from "../../render/objects";
import { workloads } from "./workloads";

/**
 * Returns where a secret text occurs outside a Secret: in a ConfigMap, a literal environment variable or an argument. A
 * checksum of a Secret is not a leak.
 * @param isSecret whether a text contains a secret.
 */
export function leakedSecrets(
  objects: KubernetesObject[],
  isSecret: (text: string) => boolean,
): string[] {
  const configMaps = objects
    .filter(({ kind }) => kind === "ConfigMap")
    .flatMap(({ metadata, ...rest }) =>
      Object.entries((rest["data"] ?? {}) as Record<string, string>).map(
        ([key, text]): [string, string] => [`ConfigMap ${metadata.name}: ${key}`, text],
      ),
    );
  const pods = workloads(objects).flatMap(({ title, pod }) =>
    [...pod.containers, ...(pod.initContainers ?? [])].flatMap((container) => [
      ...(container.env ?? []).map(({ name, value }): [string, string] => [
        `${title}: ${name}`,
        value ?? "",
      ]),
      ...[...(container.command ?? []), ...(container.args ?? [])].map((text): [string, string] => [
        `${title}: argument`,
        text,
      ]),
    ]),
  );
  return [...configMaps, ...pods].filter(([, text]) => isSecret(text)).map(([place]) => place);
}

import type { PresetName } from "../../versions/app-runtimes";
import type { NeededImages } from ".";

interface PodSpec {
  containers?: { image?: string }[];
  initContainers?: { image?: string }[];
}

/** An object of a stack, as far as its pods are concerned. */
interface Declared {
  kind?: string;
  spec?: {
    template?: { spec?: PodSpec };
    jobTemplate?: { spec?: { template?: { spec?: PodSpec } } };
  };
}

/** An app of a stack's config. */
interface App {
  image?: string;
  preset?: PresetName;
}

/** What the pods of a stack need of images. */
export function neededImages(
  objects: readonly object[],
  apps: Readonly<Record<string, App>>,
): NeededImages {
  const own = Object.fromEntries(
    Object.values(apps).flatMap(({ image, preset }) =>
      image === undefined ? [] : [[image, preset]],
    ),
  ) as NeededImages["apps"];
  const references = objects.flatMap((object) => {
    const { spec } = object as Declared;
    const pod = spec?.template?.spec ?? spec?.jobTemplate?.spec?.template?.spec;
    return [...(pod?.initContainers ?? []), ...(pod?.containers ?? [])].flatMap(({ image }) =>
      image === undefined ? [] : [image],
    );
  });
  const platform = references.filter(
    (reference) => !Object.keys(own).some((image) => reference.startsWith(`${image}:`)),
  );
  return { platform: [...new Set(platform)].sort(), apps: own };
}

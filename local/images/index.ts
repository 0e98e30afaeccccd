import { imageNamed, images } from "../../versions/images";
import type { PresetName } from "../../versions/app-runtimes";
import type { Report } from "../toolchain/install";
import { catalogue } from "./catalogue";
import { apps } from "./catalogue/apps";
import { systemImages } from "./catalogue/system";
import type { Assembled } from "./facts";
import type { ImageIndex } from "./registry";
import { assemble } from "./store";

/** What a stack's pods need of images. */
export interface NeededImages {
  /** References of the platform's own images, as its pods name them. */
  platform: readonly string[];
  /** Each app's image without its tag, and the app's preset. */
  apps: Readonly<Record<string, PresetName | undefined>>;
}

/** What can be had of it. */
export interface PreparedImages {
  index: ImageIndex;
  /** Why an image cannot be had, by its reference. */
  missing: Record<string, string>;
  /** How an image that can be had differs from the official one, by its reference. */
  differs: Record<string, string>;
}

/** How often a long step says that it still goes on, milliseconds. */
const heartbeat = 15_000;

/** Puts the images together that a stack needs, unless the cache has them. */
export async function prepareImages(
  needed: NeededImages,
  report: Report = console.error,
): Promise<PreparedImages> {
  const prepared: PreparedImages = { index: { exact: {}, apps: {} }, missing: {}, differs: {} };
  const take = async (reference: string, image: Assembled, into: Record<string, string>) => {
    try {
      into[reference] = await assembled(reference, image, report);
      if (image.differs !== undefined) prepared.differs[reference] = image.differs;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      report(`image ${reference}: cannot be put together, its pods are simulated: ${reason}`);
      prepared.missing[reference] = reason.split("\n")[0] ?? "";
    }
  };
  for (const [reference, image] of Object.entries(systemImages)) {
    await take(reference, image, prepared.index.exact);
  }
  for (const reference of new Set(needed.platform)) {
    const name = imageNamed(reference);
    const image = name === undefined ? undefined : catalogue[name];
    if (reference.includes("@")) prepared.missing[reference] = hasDigest;
    else if (image !== undefined) await take(reference, image, prepared.index.exact);
    else prepared.missing[reference] = noPackage(reference);
  }
  for (const [repository, preset] of Object.entries(needed.apps)) {
    const image = apps[preset ?? "plain"];
    if (image !== undefined) await take(repository, image, prepared.index.apps);
    else prepared.missing[repository] = `no image of preset ${preset} is put together here`;
  }
  return prepared;
}

async function assembled(reference: string, image: Assembled, report: Report): Promise<string> {
  const started = Date.now();
  const elapsed = () => `${Math.round((Date.now() - started) / 1000)} s`;
  const timer = setInterval(
    () => report(`image ${reference}: putting it together, ${elapsed()} so far`),
    heartbeat,
  );
  try {
    const digest = await assemble(image);
    if (Date.now() - started > 1000) report(`image ${reference}: put together in ${elapsed()}`);
    return digest;
  } finally {
    clearInterval(timer);
  }
}

/** Why an image that is put together here cannot stand for one that a pod names by its digest. */
const hasDigest =
  "the pod names the publisher's image by its digest; set platform:images.digests to ignored";

/** Why no package registry carries an image's program. */
function noPackage(reference: string): string {
  const name = imageNamed(reference);
  return name === undefined
    ? "it is not one of the platform's images"
    : `no package registry carries ${images[name].repository}`;
}

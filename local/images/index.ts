import { reasonOf } from "../../config/reason";
import { imageNamed, images } from "../../versions/images";
import type { Report } from "../toolchain/install";
import { catalogue } from "./catalogue";
import { appImage } from "./catalogue/apps";
import { systemImages } from "./catalogue/system";
import type { Assembled, NeededApp } from "./facts";
import type { ImageIndex } from "./registry";
import { assemble } from "./store";

/** Images that a stack's pods use. */
export interface NeededImages {
  /** References of platform images, as in the pods. */
  platform: readonly string[];
  /** The apps by their image without its tag. */
  apps: Readonly<Record<string, NeededApp>>;
}

/** Images that could be prepared. */
export interface PreparedImages {
  index: ImageIndex;
  /** Reason for each image that is not available, by its reference. */
  missing: Record<string, string>;
  /** How each available image differs from the official one, by its reference. */
  differs: Record<string, string>;
  /** Available platform images with a program of the project's own instead of the official one. */
  standIns: string[];
}

/** Interval of progress messages during a long step, milliseconds. */
const heartbeat = 15_000;

/** Assembles the images that a stack needs, unless they are in the cache. */
export async function prepareImages(
  needed: NeededImages,
  report: Report = console.error,
): Promise<PreparedImages> {
  const prepared: PreparedImages = {
    index: { exact: {}, apps: {} },
    missing: {},
    differs: {},
    standIns: [],
  };
  const take = async (reference: string, image: Assembled, into: Record<string, string>) => {
    try {
      into[reference] = await assembleAndReport(reference, image, report);
      if (image.differs !== undefined) prepared.differs[reference] = image.differs;
      if (image.isStandIn === true) prepared.standIns.push(reference);
    } catch (error) {
      const reason = reasonOf(error);
      report(`image ${reference}: cannot be assembled, its pods are simulated: ${reason}`);
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
  for (const [repository, app] of Object.entries(needed.apps)) {
    await take(repository, appImage(app), prepared.index.apps);
  }
  return prepared;
}

async function assembleAndReport(
  reference: string,
  image: Assembled,
  report: Report,
): Promise<string> {
  const started = Date.now();
  const elapsed = () => `${Math.round((Date.now() - started) / 1000)} s`;
  const timer = setInterval(
    () => report(`image ${reference}: being assembled, ${elapsed()} so far`),
    heartbeat,
  );
  try {
    const digest = await assemble(image);
    if (Date.now() - started > 1000) report(`image ${reference}: assembled in ${elapsed()}`);
    return digest;
  } finally {
    clearInterval(timer);
  }
}

/** Why an assembled image cannot replace one that a pod names by digest. */
const hasDigest =
  "the pod names the publisher's image by its digest; set platform:images.digests to ignored";

/** Returns why no package registry provides an image's program. */
function noPackage(reference: string): string {
  const name = imageNamed(reference);
  return name === undefined
    ? "it is not one of the platform's images"
    : `no package registry carries ${images[name].repository}`;
}

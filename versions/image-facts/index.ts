import type { ImageName } from "../images";
import { artifactsImageFacts } from "./artifacts";
import { backupImageFacts } from "./backup";
import { ciImageFacts } from "./ci";
import type { ImageFacts } from "./facts";
import { gatewayImageFacts } from "./gateway";
import { loggingImageFacts } from "./logging";
import { observabilityImageFacts } from "./observability";
import { registryImageFacts } from "./registry";
import { storageImageFacts } from "./storage";

export type { Folder, ImageFacts } from "./facts";

/** Facts about the official images of the version table, by their names there. */
export const imageFacts = {
  ...artifactsImageFacts,
  ...backupImageFacts,
  ...ciImageFacts,
  ...gatewayImageFacts,
  ...loggingImageFacts,
  ...observabilityImageFacts,
  ...registryImageFacts,
  ...storageImageFacts,
} as const satisfies Partial<Record<ImageName, ImageFacts>>;

/** Returns the facts about an image, if they are known. */
export function factsAbout(name: ImageName): ImageFacts | undefined {
  return (imageFacts as Partial<Record<ImageName, ImageFacts>>)[name];
}

import type { ImageFacts } from "../image-facts";
import type { ImageName } from "../../../versions/images";
import { artifactsImageFacts } from "./artifacts";
import { backupImageFacts } from "./backup";
import { ciImageFacts } from "./ci";
import { gatewayImageFacts } from "./gateway";
import { loggingImageFacts } from "./logging";
import { observabilityImageFacts } from "./observability";
import { registryImageFacts } from "./registry";
import { storageImageFacts } from "./storage";

/** Facts about the platform's images, by their names in the version table. */
export const imageFacts: Partial<Record<ImageName, ImageFacts>> = {
  ...artifactsImageFacts,
  ...backupImageFacts,
  ...ciImageFacts,
  ...gatewayImageFacts,
  ...loggingImageFacts,
  ...observabilityImageFacts,
  ...registryImageFacts,
  ...storageImageFacts,
};

import type { ImageFacts } from "../image-facts";
import type { ImageName } from "../images";
import { loggingImageFacts } from "./logging";

/** Facts of the platform's images, by their names in the table of images. */
export const imageFacts: Partial<Record<ImageName, ImageFacts>> = {
  ...loggingImageFacts,
};

import { z } from "zod";
import { pinnedImage } from "../image-names";
import { resources } from "../resources";
import { variable } from "../values";

/** A container next to the app's own. */
export const container = z.strictObject({
  /** Image with a tag or a digest. */
  image: pinnedImage,
  /**
   * Command instead of that of the image, a list of words that runs without a shell. Without it, the image's own
   * command runs.
   */
  command: z.array(z.string()).min(1).optional(),
  /** Environment variables, by name. The container gets none of the app's own variables. */
  env: z.record(variable, z.string()).default({}),
  /** CPU, memory and disk of the container. */
  resources: resources.default({
    requests: { cpu: "50m", memory: "64Mi" },
    limits: { cpu: "500m", memory: "128Mi" },
  }),
});

/** @see {@link container} */
export type Container = z.infer<typeof container>;

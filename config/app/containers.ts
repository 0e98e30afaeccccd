import { z } from "zod";
import { pinnedImage } from "../image-names";
import { resources, variable } from "../values";

/** A container next to the app's own. */
export const container = z.strictObject({
  /** Image with a tag or a digest. */
  image: pinnedImage,
  command: z.array(z.string()).min(1).optional(),
  env: z.record(variable, z.string()).default({}),
  resources: resources.default({
    requests: { cpu: "50m", memory: "64Mi" },
    limits: { cpu: "500m", memory: "128Mi" },
  }),
});

/** @see {@link container} */
export type Container = z.infer<typeof container>;

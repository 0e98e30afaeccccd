import { z } from "zod";
import { resources } from "../values";

/** A container beside an app's own. */
export const container = z.strictObject({
  /** Image with a tag or a digest. */
  image: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9.:/_-]*(:(?!latest$)[\w][\w.-]{0,127}|@sha256:[0-9a-f]{64})$/,
      'an image with a tag other than "latest", or with a digest',
    ),
  command: z.array(z.string()).min(1).optional(),
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()).default({}),
  resources: resources.default({
    requests: { cpu: "50m", memory: "64Mi" },
    limits: { cpu: "500m", memory: "128Mi" },
  }),
});

/** @see {@link container} */
export type Container = z.infer<typeof container>;

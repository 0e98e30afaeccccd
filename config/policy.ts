import { z } from "zod";
import { minAboveMax } from "./expected";
import { name, port } from "./values";

/** The default range of an API server for node ports. */
const nodePorts = z
  .strictObject({
    /** Lowest port. */
    min: port.default(30_000),
    /** Highest port. */
    max: port.default(32_767),
  })
  .refine(({ min, max }) => min <= max, {
    error: minAboveMax,
  });

/** Settings of `npx platform policy` for this stack. The rules themselves apply to every stack. */
export const policy = z.strictObject({
  /** Registries that images may come from, each optionally with a path. Default: any. */
  registries: z
    .array(
      z
        .string()
        .regex(
          /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/,
          "a registry, perhaps with a path, for example quay.io or harbor.example.com/platform",
        ),
    )
    .min(1)
    .optional(),
  /** Whether pods must name every image of the platform by its digest. Exceptions are listed in the policy. */
  digests: z.enum(["required", "optional"]).default("optional"),
  /**
   * Logins of the CI system, by team. The logins of a team may change only the files of the team's own apps; those
   * of `platform` may change any file. Other logins are not checked. Default: no login is checked.
   */
  proposers: z.record(name, z.array(z.string().min(1)).min(1)).optional(),
  /** Node ports that Services may use, including both ends of the range. */
  nodePorts: nodePorts.prefault({}),
});

import { z } from "zod";
import { name, port } from "./values";

/** The range that an API server gives to Services without other settings. */
const nodePorts = z
  .strictObject({ min: port.default(30_000), max: port.default(32_767) })
  .refine(({ min, max }) => min <= max, {
    error: ({ input }) => {
      const { min, max } = input as { min: number; max: number };
      return `expected a min of at most max, got min ${min} and max ${max}`;
    },
  });

/** What `npx platform policy` holds a stack to, beside what holds for every stack. */
export const policy = z.strictObject({
  /** Registries that images may come from, each perhaps with a path; any without it. */
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
  /** Whether pods must name every image of the platform by its digest, but for listed exceptions. */
  digests: z.enum(["required", "optional"]).default("optional"),
  /**
   * Logins of the CI system by team: each may change the files of its own team's apps only, and those of
   * `platform` any file. Logins that are not listed are not checked.
   */
  proposers: z.record(name, z.array(z.string().min(1)).min(1)).optional(),
  /** Ports of the machines that Services may take; both ends belong to it. */
  nodePorts: nodePorts.prefault({}),
});

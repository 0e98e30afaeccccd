import { z } from "zod";

/** The four environments; they differ only by their stacks' config. */
export const environment = z.enum(["dev", "test", "gray", "online"]);

/** One of `dev`, `test`, `gray` and `online`. */
export type Environment = z.infer<typeof environment>;

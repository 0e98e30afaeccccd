import { z } from "zod";

/** The four environments. They differ only in the config of their stacks. */
export const environment = z.enum(["dev", "test", "gray", "online"]);

/** One of `dev`, `test`, `gray` and `online`. */
export type Environment = z.infer<typeof environment>;

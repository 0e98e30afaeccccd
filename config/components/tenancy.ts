import { z } from "zod";
import { bytes, cpu, labels, name } from "../values";

/** Namespaces, quotas and limits of the teams in this stack's environment. */
export const tenancy = z.strictObject({
  teams: z.record(
    name,
    z.strictObject({
      /** Sum over all pods of the team's namespace, counted by requests. */
      quota: z
        .strictObject({ cpu, memory: bytes, pods: z.int().min(1).max(10_000) })
        .default({ cpu: "16", memory: "32Gi", pods: 100 }),
      /** Extra labels of the team's namespace. */
      labels: labels.default({}),
    }),
  ),
});

/** @see {@link tenancy} */
export type TenancyConfig = z.infer<typeof tenancy>;

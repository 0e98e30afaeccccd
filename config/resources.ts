import { z } from "zod";
import { amountOf, defaultStorageRequest, type Amounts } from "./amounts";
import { expected } from "./errors";
import { show } from "./show";
import { bytes, cpu } from "./values";

const common = {
  /**
   * CPU in cores (`2`, `0.5`) or millicores (`250m`).
   * @example 750m
   */
  cpu,
  /**
   * Memory in bytes with a binary unit: `Mi`, `Gi` or `Ti`.
   * @example 768Mi
   */
  memory: bytes,
};

/** What a container requests. */
const requested = z.strictObject({
  ...common,
  /**
   * What the container usually writes to its node's disk: its log, its root file system, and volumes that are deleted
   * with the pod.
   * @default 64Mi
   * @example 512Mi
   */
  "ephemeral-storage": bytes.optional(),
});

/** The limits of a container. */
const limited = z.strictObject({
  ...common,
  /**
   * Most of its node's disk that the container may use; the pod is evicted if it uses more. Default: 256Mi and the size
   * of its volumes that are deleted with the pod; 2Gi instead of 256Mi for an app whose root file system is writable.
   * @example 2Gi
   */
  "ephemeral-storage": bytes.optional(),
});

const key = "ephemeral-storage";

/** CPU, memory and disk of a container: requests and limits. */
export const resources = z
  .strictObject({
    /** What the scheduler reserves for the container on its node. */
    requests: requested,
    /** What the container can use at most. */
    limits: limited,
  })
  .superRefine(({ requests, limits }, { addIssue }) => {
    // An invalid amount has its own error, and cannot be compared.
    if (!requested.safeParse(requests).success || !limited.safeParse(limits).success) return;
    for (const field of ["cpu", "memory", "ephemeral-storage"] as const) {
      const [least, most] = [amount(requests, field), amount(limits, field)];
      if (least === undefined || most === undefined || !(least > most)) continue;
      const what = `at most limits.${field}, ${limits[field]}`;
      const message = expected(what, show(requests[field]));
      addIssue({ code: "custom", path: ["requests", field], message });
    }
    // Disk space is requested even if no request is configured.
    const most = amount(limits, key);
    if (requests[key] !== undefined || most === undefined) return;
    if (most >= (amount({ ...requests, [key]: defaultStorageRequest }, key) ?? 0)) return;
    const what = `at least ${defaultStorageRequest}, which is requested without requests.${key}`;
    const message = expected(what, show(limits[key]), `or set requests.${key}`);
    addIssue({ code: "custom", path: ["limits", key], message });
  });

function amount(amounts: Amounts, field: keyof Amounts): number | undefined {
  if (amounts[field] === undefined) return undefined;
  const { cpu, memory, storage } = amountOf(amounts);
  return { cpu, memory, "ephemeral-storage": storage }[field];
}

/** @see {@link resources} */
export type Resources = z.infer<typeof resources>;

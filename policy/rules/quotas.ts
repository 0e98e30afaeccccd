import { at, titleOf } from "../../render/objects";
import type { ObjectRule } from "../rule";

/** Label of a namespace with its team. */
const teamLabel = "platform/team";

/** Resources that a team's quota limits. */
const limited = ["requests.cpu", "requests.memory", "requests.ephemeral-storage", "pods"];

/** Rules that keep one team from exhausting shared resources. */
export const quotaRules: ObjectRule[] = [
  {
    id: "teamQuota",
    title: "Each team's namespace has a quota of CPU, memory, ephemeral storage and pods",
    level: "mandatory",
    check(objects) {
      const namespaces = objects.filter(
        ({ kind, metadata }) => kind === "Namespace" && metadata.labels?.[teamLabel] !== undefined,
      );
      const quotas = objects.filter(
        // A quota with scopes counts only some pods.
        (object) =>
          object.kind === "ResourceQuota" &&
          at(object, "spec.scopeSelector") === undefined &&
          at(object, "spec.scopes") === undefined,
      );
      return namespaces.flatMap((namespace) => {
        const given = quotas
          .filter(({ metadata }) => metadata.namespace === namespace.metadata.name)
          .flatMap((quota) => Object.keys((at(quota, "spec.hard") ?? {}) as object));
        const missing = limited.filter((sum) => !given.includes(sum));
        if (missing.length === 0) return [];
        return [
          {
            object: titleOf(namespace),
            message: `expected a ResourceQuota of this namespace that limits ${missing.join(", ")}, got none`,
          },
        ];
      });
    },
  },
];

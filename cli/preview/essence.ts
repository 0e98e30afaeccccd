import { at, listAt, mapAt } from "../../config/fields";
import { isMap } from "../../config/is-map";
import { podTemplateOf } from "../../config/pod-template";
import { pausedReplicas } from "../../program/worker-pods";
import { containersOf } from "./dangers/pods";
import type { Fields } from "./steps";

/**
 * Returns the few fields of a new object that matter for a reviewer's decision: ports, hosts, subjects, rules,
 * images.
 */
export function essenceOf(object: Fields): string {
  const { spec } = object;
  switch (object.kind) {
    case "Service":
      return joinWords([word(at(spec, "type") ?? "ClusterIP"), ...listAt(spec, "ports").map(port)]);
    case "HTTPRoute":
      return joinWords(listAt(spec, "hostnames").map(word));
    case "Gateway":
      return joinWords(
        listAt(spec, "listeners").map(
          (it) => `${word(at(it, "protocol"))} ${word(at(it, "port"))}`,
        ),
      );
    case "RoleBinding":
    case "ClusterRoleBinding": {
      const subjects = listAt(object, "subjects").map(
        (it) => `${word(at(it, "kind"))} ${word(at(it, "name"))}`,
      );
      return `${word(at(object, "roleRef", "name"))} to ${joinWords(subjects)}`;
    }
    case "Role":
    case "ClusterRole":
      return joinWords(
        listAt(object, "rules").map(
          (it) => `${words(it, "verbs")} ${words(it, "resources") || words(it, "nonResourceURLs")}`,
        ),
      );
    case "NetworkPolicy":
      return joinWords([
        ...(at(spec, "ingress") === undefined ? [] : [`ingress ${peers(spec, "ingress", "from")}`]),
        ...(at(spec, "egress") === undefined ? [] : [`egress ${peers(spec, "egress", "to")}`]),
      ]);
    case "HorizontalPodAutoscaler":
      return `${word(at(spec, "minReplicas"))} to ${word(at(spec, "maxReplicas"))} pods`;
    case "ScaledObject": {
      const paused = at(object, "metadata", "annotations", pausedReplicas);
      if (paused !== undefined) return `${word(paused)} pods`;
      return `${word(at(spec, "minReplicaCount"))} to ${word(at(spec, "maxReplicaCount"))} pods`;
    }
    case "ResourceQuota":
      return joinWords(
        Object.entries(mapAt(spec, "hard")).map(([name, it]) => `${name} ${word(it)}`),
      );
    case "PersistentVolumeClaim":
      return joinWords(
        [at(spec, "storageClassName"), at(spec, "resources", "requests", "storage")].map(word),
      );
    case "CronJob":
      return joinWords([word(at(spec, "schedule")), ...images(object)]);
    default:
      return joinWords(images(object));
  }
}

function images(object: Fields): string[] {
  return [...containersOf(podTemplateOf(object)).values()].map(({ image }) => word(image));
}

function port(it: unknown): string {
  const { port: own, nodePort } = mapAt(it);
  return nodePort === undefined ? word(own) : `${word(own)} as ${word(nodePort)} of the nodes`;
}

function peers(spec: unknown, direction: string, field: string): string {
  const rules = listAt(spec, direction);
  if (rules.length === 0) return "nothing";
  const all = rules.flatMap((rule) => {
    const found = listAt(rule, field).filter(isMap);
    if (found.length === 0) return ["everything"];
    return found.map((peer) => {
      const cidr = at(peer, "ipBlock", "cidr");
      if (cidr !== undefined) return word(cidr);
      const namespaces = Object.values(mapAt(peer, "namespaceSelector", "matchLabels")).map(word);
      return namespaces.length > 0 ? namespaces.join(" ") : "its namespace";
    });
  });
  return [...new Set(all)].join(" ");
}

function words(it: unknown, field: string): string {
  return listAt(it, field).map(word).join(" ");
}

function joinWords(parts: readonly string[]): string {
  return [...new Set(parts)].filter((part) => part !== "").join(", ");
}

function word(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

import type { Live, LiveObject } from "./live";
import type { Said } from "./said";

/** Something that a reviewer must be told: words that one of the dangers must contain. */
type Needed = string[];

/** Returns what an update took from clients, pods or people although no danger says so, a sentence each. */
export function unsaidDangers({ dangers }: Said, before: Live, after: Live): string[] {
  const needed = [...before].flatMap(([title, object]) => {
    const next = after.get(title);
    if (next === undefined) return lost(title, object, after);
    return rules.flatMap((rule) => rule(object, next));
  });
  const missing = needed.filter(
    (words) => !dangers.some((danger) => words.every((word) => danger.includes(word))),
  );
  const unknown = dangers.flatMap((danger) =>
    [...danger.matchAll(/`([A-Z]\w+ [a-z][\w.-]*\/[\w.-]+)`/g)]
      .map(([, title = ""]) => title)
      .filter((title) => !before.has(title) && !after.has(title))
      .map((title) => `a danger names ${title}, which does not exist`),
  );
  return [...missing.map((words) => `no danger mentions ${words.join(" and ")}`), ...unknown];
}

/** Objects with a hash of their content in their names are replaced by others. */
function lost(title: string, { metadata }: LiveObject, after: Live): Needed[] {
  const stem = title.replace(/-[0-9a-f]{10}$/, "");
  const isFollowed = [...after.keys()].some(
    (other) => other.replace(/-[0-9a-f]{10}$/, "") === stem,
  );
  return stem !== title && isFollowed ? [] : [[metadata.name]];
}

type Rule = (before: LiveObject, after: LiveObject) => Needed[];

const rules: Rule[] = [
  named("HTTPRoute", (before, after) =>
    missingIn(list<string>(before, "hostnames"), list<string>(after, "hostnames")),
  ),
  named("RoleBinding", (before, after) => {
    const names = (object: LiveObject) =>
      ((object["subjects"] ?? []) as { name: string }[]).map(({ name }) => name);
    return missingIn(names(after), names(before));
  }),
  named("HorizontalPodAutoscaler", (before, after) =>
    number(after, "maxReplicas") < number(before, "maxReplicas") ? [["spec.maxReplicas"]] : [],
  ),
  named("CronJob", (before, after) =>
    after.spec?.["suspend"] === true && before.spec?.["suspend"] !== true ? [["suspended"]] : [],
  ),
  named("Namespace", (before, after) => {
    const label = "pod-security.kubernetes.io/enforce";
    const [was, is] = [before, after].map(({ metadata }) => metadata.labels?.[label]);
    return was === is || is === "restricted" ? [] : [[label]];
  }),
  named("Service", (before, after) => {
    const ports = (object: LiveObject) =>
      list<{ nodePort?: number }>(object, "ports").flatMap(({ nodePort }) => nodePort ?? []);
    return missingIn(ports(before).map(String), ports(after).map(String)).map(() => []);
  }),
  named("Middleware", (before, after) => {
    const ranges = ({ spec }: LiveObject) =>
      ((spec?.["ipAllowList"] ?? {}) as { sourceRange?: string[] }).sourceRange ?? [];
    const [was, is] = [ranges(before), ranges(after)];
    return [...missingIn(was, is), ...missingIn(is, was)].map(() => []);
  }),
  named("ResourceQuota", (before, after) => {
    const { used = {} } = (after["status"] ?? {}) as { used?: Record<string, string> };
    const pods = ({ spec }: LiveObject) =>
      Number(((spec?.["hard"] ?? {}) as Record<string, string>)["pods"]);
    const isTooLow = pods(after) < pods(before) && pods(after) < Number(used["pods"]);
    return isTooLow ? [["pods"]] : [];
  }),
  ofKind("NetworkPolicy", (before, after) => {
    const ranges = (object: LiveObject) =>
      [...JSON.stringify(object.spec).matchAll(/"cidr":"([^"]+)"/g)].map(([, cidr = ""]) => cidr);
    return missingIn(ranges(after), ranges(before));
  }),
];

/** The same, and the danger also names the object. */
function named(kind: string, rule: Rule): Rule {
  return ofKind(kind, (before, after) =>
    rule(before, after).map((words) => [before.metadata.name, ...words]),
  );
}

function ofKind(kind: string, rule: Rule): Rule {
  return (before, after) => (before.kind === kind ? rule(before, after) : []);
}

function list<Item>({ spec }: LiveObject, key: string): Item[] {
  return (spec?.[key] ?? []) as Item[];
}

function number({ spec }: LiveObject, key: string): number {
  return Number(spec?.[key]);
}

/** Returns the items of the first list that the second one does not have, each as one needed word. */
function missingIn(items: readonly string[], others: readonly string[]): Needed[] {
  return items.filter((item) => !others.includes(item)).map((item) => [item]);
}

import { listAt, mapAt } from "../../../config/fields";
import { words } from "../markdown";
import { titleOf, titlesOf, byParent } from "../steps";
import type { Danger, Situation } from "./danger";
import {
  additions,
  changes,
  codeList,
  isInNewNamespace,
  textOf,
  updates,
  type Updated,
} from "./fields";

/** Returns rights that are added in the cluster, wherever they come from. */
export function rights(situation: Situation): Danger[] {
  return [
    ...updates(situation, "RoleBinding", "ClusterRoleBinding").flatMap(bindings),
    ...updates(situation, "Role", "ClusterRole").flatMap(roles),
    ...updates(situation, "ClusterRole").flatMap((update) =>
      changes("rights", update, "aggregates other roles", ["aggregationRule"]),
    ),
    ...byParent(
      additions(situation, "ClusterRole", "ClusterRoleBinding").map(({ step }) => step),
    ).map((steps): Danger => ({
      kind: "rights",
      text: `New rights in the whole cluster: ${titlesOf(steps)}.`,
    })),
    ...additions(situation, "RoleBinding", "Role")
      // Rights in a new namespace affect nothing that already exists.
      .filter(({ step }) => !isInNewNamespace(situation, step))
      .map(({ step, after }): Danger => {
        const granted = step.kind === "Role" ? grants(after) : subjects(after);
        return {
          kind: "rights",
          text: words`New rights: ${titleOf(step)}` + ` for ${codeList(granted)}.`,
        };
      }),
  ];
}

function bindings(update: Updated): Danger[] {
  const { step, before, after } = update;
  const known = new Set(subjects(before));
  const more = subjects(after).filter((subject) => !known.has(subject));
  return [
    ...changes("rights", update, "grants another role", ["roleRef"]),
    ...(more.length === 0
      ? []
      : [
          {
            kind: "rights",
            text:
              words`${titleOf(step)} gives the rights of ${textOf(mapAt(after, "roleRef").name)} to ` +
              `${codeList(more)}.`,
          } as const,
        ]),
  ];
}

function roles({ step, before, after }: Updated): Danger[] {
  const known = new Set(grants(before));
  const more = grants(after).filter((grant) => !isCovered(grant, known));
  if (more.length === 0) return [];
  return [{ kind: "rights", text: words`${titleOf(step)} allows more: ` + `${codeList(more)}.` }];
}

/** `Group commerce-leads`, `ServiceAccount monitoring/prometheus`. */
function subjects(binding: Record<string, unknown>): string[] {
  return listAt(binding, "subjects").map((subject) => {
    const { kind, name, namespace } = mapAt(subject);
    const place = typeof namespace === "string" ? `${namespace}/` : "";
    return `${textOf(kind)} ${place}${textOf(name)}`;
  });
}

/** Returns everything that a role allows: `get apps/deployments`, with the name if it is limited to one. */
function grants(role: Record<string, unknown>): string[] {
  return listAt(role, "rules").flatMap((rule) => {
    const names = texts(rule, "resourceNames");
    const resources = texts(rule, "apiGroups").flatMap((group) =>
      texts(rule, "resources").map((resource) =>
        group === "" ? resource : `${group}/${resource}`,
      ),
    );
    return texts(rule, "verbs").flatMap((verb) => [
      ...resources.flatMap((resource) =>
        names.length === 0
          ? [`${verb} ${resource}`]
          : names.map((name) => `${verb} ${resource} named ${name}`),
      ),
      ...texts(rule, "nonResourceURLs").map((url) => `${verb} ${url}`),
    ]);
  });
}

/** Whether the same was already allowed: by itself, with every verb, or without the limit to one name. */
function isCovered(grant: string, known: ReadonlySet<string>): boolean {
  const general = grant.replace(/ named .*$/, "");
  const [, ...rest] = general.split(" ");
  return [grant, general, `* ${rest.join(" ")}`, "* */*"].some((it) => known.has(it));
}

function texts(rule: unknown, field: string): string[] {
  return listAt(rule, field).filter((it) => typeof it === "string");
}

import { at, listAt, mapAt } from "../../../config/fields";
import { changedLeaves } from "../leaves";
import { words } from "../markdown";
import { titleOf } from "../steps";
import type { Danger, Situation } from "./danger";
import { addedItems, isSame, canonicalText, textOf, updates, type Updated } from "./fields";

/** Returns changes of gateways' listeners and certificates, and routes that no longer redirect to HTTPS. */
export function tls(situation: Situation): Danger[] {
  return [
    ...updates(situation, "Gateway").flatMap(listeners),
    ...updates(situation, "Ingress").flatMap((update) => removals(update, "tls", ["spec", "tls"])),
    ...updates(situation, "HTTPRoute").flatMap(redirects),
    ...updates(situation, "Secret").flatMap(certificates),
  ];
}

function listeners({ step, before, after }: Updated): Danger[] {
  const named = (gateway: unknown) =>
    new Map(listAt(gateway, "spec", "listeners").map((it) => [String(mapAt(it).name), mapAt(it)]));
  const now = named(after);
  const old = named(before);
  const opened = [...now.keys()].filter((name) => !old.has(name));
  return [
    ...(at(before, "spec", "gatewayClassName") === at(after, "spec", "gatewayClassName")
      ? []
      : [
          danger(
            words`${titleOf(step)} is served by another controller: ${textOf(at(after, "spec", "gatewayClassName"))}.`,
          ),
        ]),
    ...[...old].flatMap(([name, former]) => {
      const listener = now.get(name);
      if (listener === undefined) {
        return [
          danger(words`${titleOf(step)} no longer listens as ${name}: its clients are cut off.`),
        ];
      }
      return ["port", "protocol", "hostname", "tls", "allowedRoutes"].flatMap((field) =>
        isSame(former[field], listener[field])
          ? []
          : [
              danger(
                words`${titleOf(step)}, listener ${name}: ${field} changes from ${brief(former[field])} to ${brief(listener[field])}.`,
              ),
            ],
      );
    }),
    ...opened.map((name) => danger(words`${titleOf(step)} opens another listener: ${name}.`)),
  ];
}

function removals({ step, before, after }: Updated, what: string, path: string[]): Danger[] {
  return addedItems(listAt(after, ...path), listAt(before, ...path)).map((it) =>
    danger(words`${titleOf(step)} gives up ${what} ${canonicalText(it)}.`),
  );
}

/** Returns routes that redirected to HTTPS, and now serve the requests themselves. */
function redirects({ step, before, after }: Updated): Danger[] {
  const filters = (route: unknown) =>
    listAt(route, "spec", "rules")
      .flatMap((rule) => listAt(rule, "filters"))
      .filter((filter) => at(filter, "requestRedirect", "scheme") === "https");
  if (filters(after).length >= filters(before).length) return [];
  return [danger(words`${titleOf(step)} no longer sends its clients to HTTPS.`)];
}

/** Reports only that a certificate changes: the content of a Secret is never shown. */
function certificates({ step, before, after }: Updated): Danger[] {
  if (before.type !== "kubernetes.io/tls" && after.type !== "kubernetes.io/tls") return [];
  // Masked secrets look the same; only the plugin sees that they differ.
  const isChanged = changedLeaves(step).some(({ path }) => /^(data|stringData|type)\b/.test(path));
  if (!isChanged) return [];
  return [danger(words`${titleOf(step)} gets another certificate or key.`)];
}

function brief(value: unknown): string {
  return textOf(value === undefined || typeof value !== "object" ? value : canonicalText(value));
}

function danger(text: string): Danger {
  return { kind: "tls", text };
}

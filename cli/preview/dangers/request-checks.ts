import { contains } from "../../../config/addresses";
import { at, listAt, mapAt } from "../../../config/fields";
import { isUnknown } from "../masks";
import { words } from "../markdown";
import { titleOf } from "../steps";
import type { Danger, Situation } from "./danger";
import type { Updated } from "./fields";
import { addedItems, codeList, isSame, canonicalText, textOf, updates } from "./fields";
import { routeKinds } from "./served";

/** Annotation of an Ingress with the names of its Middlewares. */
const annotation = "traefik.ingress.kubernetes.io/router.middlewares";

/** Returns changes in what the gateway checks before it forwards requests: addresses, rates and sizes. */
export function requestChecks(situation: Situation): Danger[] {
  return [
    ...updates(situation, ...routeKinds).flatMap(filters),
    ...updates(situation, "Middleware").flatMap((update) => [
      ...addresses(update),
      ...limits(update),
      ...others(update),
    ]),
  ];
}

/** Returns checks that a route's requests no longer pass through, or pass through now. */
function filters(update: Updated): Danger[] {
  const { step } = update;
  const { gone, come } = filterChanges(update);
  return [
    ...(gone.length === 0
      ? []
      : [
          danger(
            words`${titleOf(step)} no longer has its requests checked or changed by ` +
              `${codeList(gone)}.`,
          ),
        ]),
    ...(come.length === 0
      ? []
      : [
          danger(
            words`${titleOf(step)} has its requests checked or changed by ` +
              `${codeList(come)}: some that passed before may be refused.`,
          ),
        ]),
  ];
}

function filterChanges({ before, after }: Updated): Record<"gone" | "come", string[]> {
  const [old, now] = [listAt(before, "spec", "rules"), listAt(after, "spec", "rules")];
  const chains = [before, after].map((object) => {
    const names = at(object, "metadata", "annotations", annotation);
    return typeof names === "string" ? names.split(",") : [];
  });
  const [oldChain = [], chain = []] = chains;
  const between = (from: unknown, to: unknown) =>
    addedItems(checksOf(from), checksOf(to)).map(String);
  return {
    gone: [
      ...addedItems(chain, oldChain).map(String),
      // An additional rule without the checks of the others lets requests bypass them.
      ...now.flatMap((rule, index) => between(rule, old[index] ?? old.at(-1))),
    ],
    come: [
      ...addedItems(oldChain, chain).map(String),
      ...old.flatMap((rule, index) => (index < now.length ? between(rule, now[index]) : [])),
    ],
  };
}

/** Redirects to HTTPS are a separate danger. */
function checksOf(rule: unknown): string[] {
  return listAt(rule, "filters").flatMap((filter) => {
    if (at(filter, "requestRedirect") !== undefined) return [];
    const { kind, name } = mapAt(filter, "extensionRef");
    if (typeof name !== "string") return [canonicalText(filter)];
    return [
      `${textOf(kind)} ${isUnknown(name) ? "whose name is known only after the update" : name}`,
    ];
  });
}

function addresses({ step, before, after }: Updated): Danger[] {
  const [old, now] = [before, after].map((object) =>
    listAt(object, "spec", "ipAllowList", "sourceRange").map(String),
  ) as [string[], string[]];
  const hasList = (object: unknown) => at(object, "spec", "ipAllowList") !== undefined;
  if (!hasList(before) || !hasList(after)) return [];
  const beyond = (ranges: string[], others: string[]) =>
    ranges.filter((range) => !others.some((wide) => wide === range || contains(wide, range)));
  const [more, less] = [beyond(now, old), beyond(old, now)];
  return [
    ...(more.length === 0
      ? []
      : [danger(words`${titleOf(step)} lets in more clients: ` + `${codeList(more)}.`)]),
    ...(less.length === 0
      ? []
      : [
          danger(
            words`${titleOf(step)} refuses clients that it admitted before: ` +
              `${codeList(less)}.`,
          ),
        ]),
  ];
}

/** Limits for which a lower value lets fewer requests through; 0 means no limit. */
const amounts = [
  ["rateLimit", "average"],
  ["rateLimit", "burst"],
  ["buffering", "maxRequestBodyBytes"],
  ["inFlightReq", "amount"],
];

function limits({ step, before, after }: Updated): Danger[] {
  return amounts.flatMap(([kind = "", field = ""]): Danger[] => {
    if (!isMapped(before, kind) || !isMapped(after, kind)) return [];
    const [old, now] = [at(before, "spec", kind, field), at(after, "spec", kind, field)];
    const path = `spec.${kind}.${field}`;
    if (limitOf(now) < limitOf(old)) {
      const text = words`${titleOf(step)} lets fewer or smaller requests through: ${path} falls from ${textOf(old)} to ${textOf(now)}.`;
      return [danger(text)];
    }
    if (limitOf(now) === Infinity && limitOf(old) < Infinity) {
      return [
        danger(words`${titleOf(step)} no longer limits requests: ${path} was ${textOf(old)}.`),
      ];
    }
    return [];
  });
}

function limitOf(value: unknown): number {
  return typeof value === "number" && value > 0 ? value : Infinity;
}

/** Returns changes of a Middleware's other settings, and of its type. */
function others({ step, before, after }: Updated): Danger[] {
  const [old, now] = [rest(before), rest(after)];
  const changed = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(
    (kind) => !isSame(old[kind], now[kind]),
  );
  return changed.map((kind) =>
    danger(
      words`${titleOf(step)} handles requests differently: ${`spec.${kind}`} changes from ${textOf(old[kind])} to ${textOf(now[kind])}.`,
    ),
  );
}

/** Returns a Middleware's settings without those that are compared separately. */
function rest(object: unknown): Record<string, unknown> {
  const compared = [
    ...amounts,
    ["ipAllowList", "sourceRange"],
    ["buffering", "memRequestBodyBytes"],
  ];
  return Object.fromEntries(
    Object.entries(mapAt(object, "spec")).map(([kind, fields]) => [
      kind,
      Object.fromEntries(
        Object.entries(mapAt(fields)).filter(
          ([field]) => !compared.some(([of, name]) => of === kind && name === field),
        ),
      ),
    ]),
  );
}

function isMapped(object: unknown, kind: string): boolean {
  return at(object, "spec", kind) !== undefined;
}

function danger(text: string): Danger {
  return { kind: "exposure", text };
}

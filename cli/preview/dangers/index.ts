import { handSentence, type HandChange } from "../by-hand";
import type { Violation } from "../events";
import { withoutNumbers } from "../secrets";
import { objectsOf, pairReplacements, titleOf, titlesOf, type Objects, type Step } from "../steps";
import type { AppTraffic } from "../traffic";
import { admission } from "./admission";
import { violationDanger, freezes, refusalDangers } from "./apps";
import { capacity } from "./capacity";
import { dangerKinds, type Danger, type Situation } from "./danger";
import { deletions, endingDangers } from "./ended";
import { exposure } from "./exposure";
import { images } from "./images";
import { network } from "./network";
import { podSecurity } from "./pod-security";
import { quotas } from "./quotas";
import { releaseDangers } from "./releases";
import { requestChecks } from "./request-checks";
import { retention } from "./retention";
import { rights } from "./rights";
import { routes } from "./routes";
import { scaling } from "./scaling";
import { schedules } from "./schedules";
import { selectors } from "./selectors";
import { storage } from "./storage";
import { tls } from "./tls";

export type { Danger, DangerKind } from "./danger";

/** Functions that find dangers, each for one family of dangers. */
const families: ((situation: Situation) => Danger[])[] = [
  rights,
  podSecurity,
  network,
  exposure,
  routes,
  requestChecks,
  tls,
  retention,
  schedules,
  storage,
  admission,
  images,
  quotas,
  capacity,
  scaling,
];

/**
 * Returns all dangers of a preview.
 * @param violations rules of the policy that the planned objects break.
 * @param objects every object before and after, with numbers of secrets; without it, those in the steps.
 * @param byHand what was changed by hand since the last update.
 * @param plainObjects the objects with the values of Secrets; they decide and are not shown.
 */
export function dangersOf(
  steps: readonly Step[],
  traffic: readonly AppTraffic[],
  violations: readonly Violation[],
  objects: Objects = objectsOf(steps.map(distinct)),
  byHand: readonly HandChange[] = [],
  plainObjects: () => Objects = () => objects,
): Danger[] {
  const real = pairReplacements(steps).filter((step) => step.real);
  const changed = real.map(distinct);
  const situation = { changed, objects, traffic, violations };
  const plain = real.some((step) => step.plain !== undefined)
    ? { ...situation, changed: real.map(plainly), objects: plainObjects() }
    : undefined;
  const all = [
    ...traffic.flatMap(refusalDangers),
    ...changed.flatMap(endingDangers),
    ...byHand.map((change): Danger => ({ kind: "by-hand", text: handSentence(change, steps) })),
    ...changed.flatMap((step) => selectors(step, traffic)),
    ...traffic.flatMap((app) => freezes(app, changed)),
    ...violations.map(violationDanger),
    ...releaseDangers(changed, traffic),
    ...families.flatMap((family) => {
      const reported = family(situation);
      return plain === undefined
        ? reported
        : [...reported, ...hiddenDangers(reported, family(plain), real)];
    }),
    ...deletions(changed),
  ];
  const shown = all.map((danger) => ({ ...danger, text: withoutNumbers(danger.text) }));
  return dangerKinds.flatMap((kind) => shown.filter((danger) => danger.kind === kind));
}

/**
 * Dangers whose reason is hidden by a mask: a quantity, a path or an address that a Secret contains as well. Their own
 * sentences would show it.
 * @param reported dangers in the masked fields. @param plain dangers in the same fields with the values.
 */
function hiddenDangers(
  reported: readonly Danger[],
  plain: readonly Danger[],
  real: readonly Step[],
): Danger[] {
  const kinds = [...new Set(plain.map(({ kind }) => kind))];
  return kinds.flatMap((kind): Danger[] => {
    const of = (dangers: readonly Danger[]) => dangers.filter((danger) => danger.kind === kind);
    if (of(plain).length <= of(reported).length) return [];
    const titled = real.filter((step) =>
      of(plain).some(({ text }) => text.includes(titleOf(plainly(step)))),
    );
    const where = titled.length === 0 ? "an object" : titlesOf(titled);
    const text = `Fields of ${where} that contain the same values as Secrets are not shown, and change in a way that matters.`;
    return [{ kind, text }];
  });
}

function plainly(step: Step): Step {
  const contents = step.plain?.() ?? step.numbered;
  return { ...step, ...contents, numbered: contents };
}

/**
 * Returns a step in which masked secrets are distinguishable. Sentences must not show the marks that
 * distinguish them.
 */
function distinct(step: Step): Step {
  return { ...step, ...step.numbered };
}

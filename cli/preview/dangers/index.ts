import { handSentence, type HandChange } from "../by-hand";
import type { Violation } from "../events";
import { objectsOf, paired, type Objects, type Step } from "../steps";
import type { AppTraffic } from "../traffic";
import { admission } from "./admission";
import { broken, freezes, refused } from "./apps";
import { capacity } from "./capacity";
import { dangerKinds, type Danger, type Situation } from "./danger";
import { deletions, ended } from "./ended";
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
 * @param objects every object before and after. Default: the objects in the steps.
 * @param byHand what was changed by hand since the last update.
 */
export function dangersOf(
  steps: readonly Step[],
  traffic: readonly AppTraffic[],
  violations: readonly Violation[],
  objects: Objects = objectsOf(steps),
  byHand: readonly HandChange[] = [],
): Danger[] {
  const changed = paired(steps).filter(({ real }) => real);
  const situation = { changed, objects, traffic, violations };
  const all = [
    ...traffic.flatMap(refused),
    ...changed.flatMap(ended),
    ...byHand.map((change): Danger => ({ kind: "by-hand", text: handSentence(change, steps) })),
    ...changed.flatMap((step) => selectors(step, traffic)),
    ...traffic.flatMap((app) => freezes(app, changed)),
    ...violations.map(broken),
    ...releaseDangers(changed, traffic),
    ...families.flatMap((family) => family(situation)),
    ...deletions(changed),
  ];
  return dangerKinds.flatMap((kind) => all.filter((danger) => danger.kind === kind));
}

import { startLife, type LifeStack } from "../support/life-stack";
import { refusesUnreadyReleases } from "./life/failed-releases";
import { findsHandChanges } from "./life/hand-changes";
import { recoversFirstUpdate } from "./life/killed-updates";
import { adoptsWhatRuns } from "./life/lost-state";
import { movesNamespace } from "./life/moves";
import { promotesReleases } from "./life/promotions";
import { rollsBack } from "./life/rollbacks";
import { sharesWork } from "./life/shares";

/**
 * Each continues where the one before it ended, and most updates change several apps, whose tests look at what became
 * of their app. Rarer turns, and those that wait for deadlines, are in `test/nightly/life.test.ts`.
 */
describe("the lifecycle of apps on a real API server", () => {
  let life: LifeStack | undefined;
  const stack = () => life!.stack;
  before(async () => {
    life = await startLife("life");
  });
  after(() => life?.stop());

  recoversFirstUpdate(stack);
  findsHandChanges(stack);
  sharesWork(stack);
  adoptsWhatRuns(stack);
  refusesUnreadyReleases(stack);
  promotesReleases(stack);
  rollsBack(stack);
  movesNamespace(stack);
});

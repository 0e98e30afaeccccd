import { startLife, type LifeStack } from "../support/life-stack";
import { findsHandChanges } from "./life/hand-changes";
import { recoversFirstUpdate, takesUpWhatIsMade } from "./life/killed-updates";
import { migratesData } from "./life/migrations";
import { movesNamespace } from "./life/moves";
import { releasesApps } from "./life/releases";
import { sharesPods } from "./life/workers";

/** Rarer turns, and those that wait for deadlines, are in `test/nightly/life.test.ts`. */
describe("apps on a real API server, over their life", () => {
  let life: LifeStack | undefined;
  const stack = () => life!.stack;
  before(async () => {
    life = await startLife("life");
  });
  after(() => life?.stop());

  recoversFirstUpdate(stack);
  findsHandChanges(stack);
  releasesApps(stack);
  takesUpWhatIsMade(stack);
  sharesPods(stack);
  migratesData(stack);
  movesNamespace(stack);
});

import { startLife, type LifeStack } from "../support/life-stack";
import { takesUpMove } from "./life/moves";
import { keepsPods } from "./life/workers";

describe("rarer events in the lifecycle of apps on a real API server", () => {
  let life: LifeStack | undefined;
  const stack = () => life!.stack;
  before(async () => {
    life = await startLife("life-nightly");
    await life.stack.must("up");
  });
  after(() => life?.stop());

  keepsPods(stack);
  takesUpMove(stack);
});

import { relative } from "node:path";
import Mocha from "mocha";
import { checkout } from "../../local/toolchain/paths";
import { recordDurations, type Durations } from "./durations";

const { EVENT_HOOK_END, EVENT_RUN_END, EVENT_TEST_END } = Mocha.Runner.constants;

/** Mocha's usual reporter, which also records how long each file's tests and hooks took, from all workers. */
class TimingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    const durations: Durations = {};
    const add = ({ file, parent, duration }: Mocha.Runnable) => {
      const source = file ?? parent?.file;
      if (source === undefined) return;
      const name = relative(checkout, source);
      durations[name] = (durations[name] ?? 0) + (duration ?? 0);
    };
    runner.on(EVENT_TEST_END, add);
    runner.on(EVENT_HOOK_END, add);
    runner.on(EVENT_RUN_END, () => recordDurations(durations));
  }
}

module.exports = TimingReporter;

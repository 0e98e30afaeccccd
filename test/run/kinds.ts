import { whyNoMachines } from "../../local/machines/available";

/** How the tests of a folder run. */
export interface Kind {
  /** Script that fetches what the tests need, and its arguments. */
  setup: string[];
  /** Command and arguments before the files. */
  command: string[];
  /** Environment variables of the command. Default: none. */
  env?: Record<string, string>;
  /** How its files are divided into commands. Default: one command for all files. */
  apart?: {
    /** Number of commands that run at the same time. */
    max: number;
    /** Duration of a command to which no further file is added, milliseconds. */
    enough: number;
  };
  /** Kind that these tests run in parallel with, if both are chosen; they start first. Default: none. */
  beside?: string;
  /** Returns why the tests cannot run on this machine. Default: they can run on every machine. */
  whyNot?: () => Promise<string | undefined>;
}

const parallel = (jobs: number) => ["--parallel", "--jobs", String(jobs)];

/** Lets end-to-end tests go first: a pod there has a second to answer a probe. */
const yielding = ["nice", "-n", "10"];

export const kinds: Record<string, Kind> = {
  unit: {
    setup: ["local/commands/crds.ts"],
    // One more than the cores, because some files wait for most of their time. Most objects of a recording live for a
    // moment: with a larger space for new ones, fewer of them are copied.
    command: ["mocha", "--max-semi-space-size=64", ...parallel(3)],
    // Without a maintenance process after each commit of the tests.
    env: {
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "maintenance.auto",
      GIT_CONFIG_VALUE_0: "false",
    },
  },
  integration: {
    setup: ["local/commands/setup.ts", "--for", "test"],
    command: [...yielding, "mocha", "--timeout", "600000"],
    // One more than the cores, and one less next to two end-to-end tests: with more, each would wait for the others,
    // also where a release has a deadline.
    apart: { max: 3, enough: 60_000 },
    // Control planes and tools collect garbage less often, which saves a quarter of the CPU time of an idle cluster.
    env: { GOGC: "400" },
  },
  e2e: {
    setup: ["local/commands/setup.ts", "--for", "test"],
    command: ["test/e2e/support/namespace.sh", "mocha", "--timeout", "300000", "--bail"],
    // Each needs its own network, because pods have fixed addresses.
    apart: { max: 2, enough: 0 },
    env: { GOGC: "400" },
    // They wait for more than half of their time.
    beside: "integration",
  },
  machines: {
    setup: ["local/commands/setup.ts", "--for", "machines"],
    // One file after the other, as each has a cluster with real nodes. Nothing here may be skipped.
    command: ["mocha", "--timeout", "900000", "--forbid-pending"],
    whyNot: whyNoMachines,
  },
};

/** Number of commands of all kinds together that run at the same time. */
export const maxApart = 4;

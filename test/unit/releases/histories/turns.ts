import fc from "fast-check";
import type {
  CheckEvidence,
  DesiredApp,
  DesiredRelease,
  ReleasePolicy,
} from "../../../../releases";
import { hour } from "../story";

/** What happens between two updates: an edit of the config, or an event. */
export type Command =
  | { do: "release"; release: DesiredRelease; weight: number; level: string | undefined }
  | { do: "weight"; weight: number }
  | { do: "wait"; seconds: number }
  | { do: "check"; verdict: CheckEvidence["verdict"]; skew: number; foreign: boolean }
  | { do: "promote"; bringCheck: boolean; next: DesiredRelease | undefined }
  /** Waits for the soak time, or almost, checks and promotes. */
  | {
      do: "mature-and-promote";
      verdict: CheckEvidence["verdict"];
      skew: number;
      foreign: boolean;
      waits: number;
      next: DesiredRelease | undefined;
    }
  | { do: "policy"; policy: ReleasePolicy }
  | { do: "rollback"; choice: number; keepCanary: boolean }
  | { do: "return"; choice: number }
  | { do: "undo" }
  | { do: "abort" }
  | { do: "hotfix"; release: DesiredRelease; keepCanary: boolean }
  | { do: "override"; reason: string | undefined }
  | { do: "freeze"; seconds: number }
  | { do: "unfreeze" }
  | { do: "edit"; level: string }
  | { do: "floor"; version: string | undefined }
  | { do: "migration"; migration: DesiredApp["migration"] }
  | { do: "lose-record"; sees: boolean };

/** Result of the update that follows a command. */
export type Ending = "update" | "crash" | "no-update";

/** A command and the update after it. */
export interface Turn {
  command: Command;
  ending: Ending;
  /** Whether a refused edit is reverted, like a closed merge request. */
  takesBack: boolean;
}

// 1.5.0-rc.1 and 1.5.0-RC.1 would have the same name; a commit has no version number.
const versions = ["1.3.0", "1.4.2", "1.5.0", "1.5.0-rc.1", "1.5.0-RC.1", "1.6.0", "3f2c1a9"];

const release: fc.Arbitrary<DesiredRelease> = fc.record({
  version: fc.constantFrom(...versions),
  revision: fc.constantFrom(undefined, 1, 2),
});
const weight = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 0, max: 100 }) },
  { weight: 1, arbitrary: fc.constantFrom(-1, 0.5, 101, NaN) },
);
const level = fc.constantFrom("info", "debug", "trace");
const seconds = fc.constantFrom(1, hour / 2, hour, 2 * hour, -hour, -3 * hour);

function kind<K extends Command["do"]>(
  name: K,
  fields: {
    [F in Exclude<keyof Extract<Command, { do: K }>, "do">]: fc.Arbitrary<
      Extract<Command, { do: K }>[F]
    >;
  },
): fc.Arbitrary<Command> {
  return fc.record({ do: fc.constant(name), ...fields }) as fc.Arbitrary<Command>;
}

const often: fc.Arbitrary<Command>[] = [
  kind("release", { release, weight, level: fc.option(level, { nil: undefined }) }),
  kind("weight", { weight }),
  kind("wait", { seconds }),
  kind("mature-and-promote", {
    verdict: fc.constantFrom("pass", "pass", "pass", "fail", "inconclusive"),
    skew: fc.constantFrom(0, 0, 0, 0, -1, 300, 301),
    foreign: fc.constantFrom(false, false, false, false, true),
    waits: fc.constantFrom(0, 0, 0, 60, -2),
    next: fc.option(release, { nil: undefined, freq: 1 }),
  }),
  kind("promote", { bringCheck: fc.boolean(), next: fc.option(release, { nil: undefined }) }),
  kind("check", {
    verdict: fc.constantFrom("pass", "pass", "fail", "inconclusive"),
    skew: fc.constantFrom(0, 0, 0, -hour, 200, hour),
    foreign: fc.boolean(),
  }),
  kind("rollback", { choice: fc.nat(5), keepCanary: fc.boolean() }),
];

const seldom: fc.Arbitrary<Command>[] = [
  kind("undo", {}),
  kind("return", { choice: fc.nat(9) }),
  kind("abort", {}),
  kind("hotfix", { release, keepCanary: fc.boolean() }),
  kind("override", { reason: fc.constantFrom(undefined, undefined, "", "outage", "leak", "law") }),
  kind("freeze", { seconds }),
  kind("unfreeze", {}),
  kind("edit", { level }),
  kind("migration", {
    migration: fc.constantFrom(
      ...[undefined, {}, {}, { contract: "1.4.0" }, { contract: "1.5.0" }, { contract: "main" }],
    ),
  }),
  kind("floor", { version: fc.constantFrom(undefined, undefined, "1.4.0", "1.5.0", "main") }),
];

/** Possible policies of an environment. */
export const policies: fc.Arbitrary<ReleasePolicy> = fc.record({
  forcedCanary: fc.constantFrom(true, true, true, false),
  soak: fc.constantFrom(0, hour, hour),
  checkRequired: fc.constantFrom(true, true, false),
  retain: fc.constantFrom(undefined, 0, 1, 1, 2, 3),
  secondRelease: fc.constantFrom("supersede", "refuse"),
});

const rare: fc.Arbitrary<Command>[] = [
  kind("lose-record", { sees: fc.boolean() }),
  kind("policy", { policy: policies }),
];

/** A turn of a history. */
export const turn: fc.Arbitrary<Turn> = fc.record({
  command: fc.oneof(
    { weight: 30, arbitrary: fc.oneof(...often) },
    { weight: 15, arbitrary: fc.oneof(...seldom) },
    { weight: 2, arbitrary: fc.oneof(...rare) },
  ),
  ending: fc.constantFrom<Ending>("update", "update", "update", "update", "crash", "no-update"),
  takesBack: fc.constantFrom(true, true, true, false),
});

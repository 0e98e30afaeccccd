import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Recorded } from "../../../../cli/fleet/records";
import { fleetOf, type Fleet } from "../../../../cli/fleet/apps";
import { discover } from "../../../../cli/stacks/discover";
import { templateHash } from "../../../../releases/template";
import { ProjectFolder } from "../../../support/project-folder";

/** Current time in every test of a fleet. */
export const now = new Date("2026-11-27T10:00:00.000Z");

/** Returns an app as its file declares it. */
export function declared(fields: object = {}): object {
  return {
    team: "commerce",
    domain: "shop.example.com",
    image: "harbor.example.com/shop",
    preset: "node",
    stable: { version: "1.4.2" },
    ...fields,
  };
}

const template = templateHash({});

/** Returns the record of an app with stable 1.4.2, canary 1.5.0 at 10% for three days, and 1.4.1 kept. */
export function record(fields: object = {}): Record<string, unknown> {
  const release = (version: string, more: object) => ({
    version,
    revision: 1,
    template,
    firstDeployedAt: "2026-11-01T08:00:00.000Z",
    ...more,
  });
  return {
    schema: 1,
    changedAt: "2026-11-24T10:00:00.000Z",
    stable: "1.4.2",
    canary: { key: "1.5.0", weight: 10 },
    retained: ["1.4.1"],
    releases: {
      "1.4.2": release("1.4.2", { stableSince: "2026-11-10T08:00:00.000Z" }),
      "1.4.1": release("1.4.1", { stableSince: "2026-11-01T08:00:00.000Z" }),
      "1.5.0": release("1.5.0", {
        canarySince: "2026-11-24T10:00:00.000Z",
        check: { verdict: "pass", at: "2026-11-25T10:00:00.000Z", release: "1.5.0", samples: 4211 },
      }),
    },
    templates: { [template]: {} },
    configTemplate: template,
    history: [
      { at: "2026-11-10T08:00:00.000Z", kind: "promote", from: "1.4.1", to: "1.4.2" },
      { at: "2026-11-01T08:00:00.000Z", kind: "first", to: "1.4.1" },
    ],
    canaries: [{ at: "2026-11-24T10:00:00.000Z", kind: "start", release: "1.5.0", weight: 10 }],
    ...fields,
  };
}

/** Returns the record of an app without a canary. */
export function steady(): Record<string, unknown> {
  const made = record({ canary: undefined, canaries: undefined });
  delete (made["releases"] as Record<string, object>)["1.5.0"];
  return made;
}

/** A project folder with stacks and app files. */
export class Project extends ProjectFolder {
  /** @param folder existing folder. Default: a new one. */
  constructor(folder = mkdtempSync(join(tmpdir(), "fleet-"))) {
    super(folder);
  }

  readonly records = new Map<string, Recorded>();

  recorded(stack: string, releases: Record<string, unknown>): this {
    this.records.set(stack, { kind: "known", releases, namespaces: {} });
    return this;
  }

  /** Records every app of every file, with a canary each. */
  recordAll(): void {
    for (const { name, config } of discover(this.folder, "", this.folder)) {
      const apps = Object.keys((config["platform:apps"] ?? {}) as object);
      this.recorded(name, Object.fromEntries(apps.map((app) => [app, record()])));
    }
  }

  fleet(): Fleet {
    const unread: Recorded = { kind: "unknown", reason: "no engine" };
    const recorded = (stack: string) => this.records.get(stack) ?? unread;
    return fleetOf(discover(this.folder, "", this.folder), recorded, now, this.folder);
  }

  /** Runs git in the folder with a fixed identity; its standard error is discarded. */
  git(...args: string[]): string {
    const settings = ["user.name=Ann", "user.email=a@example.com", "commit.gpgsign=false"];
    return execFileSync("git", [...settings.flatMap((each) => ["-c", each]), ...args], {
      cwd: this.folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  }
}

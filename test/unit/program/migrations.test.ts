import assert from "node:assert/strict";
import { migrationOf, withLiveMigrations } from "../../../program/migrations";
import type { LiveApp, LiveMigration } from "../../../program/wait/live-app";
import { migrationJobName } from "../../../components/app/migration";
import { hour, Story, debug, ten } from "../releases/story";

function live(...jobs: Partial<LiveMigration>[]): LiveApp {
  const made = jobs.map((job): LiveMigration => {
    return { job: "shop-1-5-0-migrate", state: "complete", version: "1.5.0", ...job };
  });
  return { services: {}, releases: {}, migrations: { "shop-1-5-0": made } };
}

const failed = { state: "failed" } as const;
const second = "shop-1-5-0-migrate-2";

describe("the Job of a migration", () => {
  const story = new Story();
  story.up({}, 0);
  const plan = story.planned({ canary: ten, template: debug, migration: {} }, hour);
  const jobIn = (cluster: LiveApp | undefined, of = plan) =>
    migrationOf(of, "shop-1-5-0", cluster, undefined)?.job;

  it("is named by its release", () => {
    assert.equal(jobIn(undefined), "shop-1-5-0-migrate");
    assert.equal(migrationOf(plan, "shop-1-4-2", undefined, undefined), undefined);
  });

  it("is the existing one, even if an update was killed while it ran", () => {
    assert.equal(jobIn(live({})), "shop-1-5-0-migrate");
    assert.equal(jobIn(live({ state: "running" })), "shop-1-5-0-migrate");
    assert.equal(jobIn(live(failed, { job: second, state: "running" })), second);
  });

  it("is another one after a failure", () => {
    assert.equal(jobIn(live(failed)), second);
    assert.equal(jobIn(live(failed, { job: second, ...failed })), "shop-1-5-0-migrate-3");
    // The first one was deleted when the second one was created.
    assert.equal(jobIn(live({ job: second, ...failed })), "shop-1-5-0-migrate");
  });

  it("stays as long as its release, and is not created again if somebody removed it", () => {
    const settled = { ...plan, migrating: [] };
    assert.equal(jobIn(live({}), settled), "shop-1-5-0-migrate");
    assert.equal(jobIn({ services: {}, releases: {} }, settled), undefined);
  });

  it("has a valid name that no other attempt has", () => {
    const release = "a".repeat(63);
    const names = [1, 2, 3].map((attempt) => migrationJobName(release, attempt));
    assert.equal(new Set(names).size, 3);
    assert.ok(names.every(({ length }) => length <= 63));
  });

  it("counts as run if it succeeded in an update that failed afterwards", () => {
    const { record } = story;
    assert.ok(record !== undefined);
    const at = "2026-11-21T09:00:00Z";
    const ran = withLiveMigrations(record, live({ at, contract: "1.4.2" }));
    assert.deepEqual(ran.migrated, [{ version: "1.5.0", at, contract: "1.4.2" }]);
    assert.deepEqual(withLiveMigrations(ran, live({ at })), ran);
    assert.equal(withLiveMigrations(record, live(failed)), record);
    assert.equal(withLiveMigrations(record, undefined), record);
    const taken = new Story();
    taken.record = ran;
    const next = taken.planned({ canary: ten, template: debug, migration: {} }, hour);
    assert.deepEqual(next.migrating, []);
    assert.deepEqual(next.next.migrated, ran.migrated);
  });
});

import assert from "node:assert/strict";
import { compareVersions } from "../../../../releases/version";
import type { Plan } from "../../../../releases";
import { migrations, type World } from "./world";

/** A version's migration runs when the version is first deployed, and never again. */
export function migratesOnce(world: World, made: Plan): void {
  const { truth, config, record } = world;
  const ran = migrations(world, made).map(([version]) => version);
  assert.equal(new Set(ran).size, ran.length, "one release migrates a version");
  const deployed = made.steps.flatMap((step) =>
    step.kind === "deploy" || step.kind === "update-in-place" ? [step.release] : [],
  );
  for (const key of made.migrating) assert.ok(deployed.includes(key), `${key} runs already`);
  if (record !== undefined) {
    assert.ok(
      ran.every((version) => !truth.migrated.has(version)),
      "no version is migrated again",
    );
  }
  if (config.migration === undefined) {
    assert.deepEqual(made.migrating, []);
    return;
  }
  const known = new Set([...truth.migrated.keys(), ...ran]);
  for (const { key, version } of made.releases) {
    if (deployed.includes(key)) assert.ok(known.has(version), `${key} starts without migration`);
  }
}

/** Every release with requests works with the results of migrations, unless there is an override with a reason. */
export function contractsAreServed(world: World, made: Plan): void {
  const { truth, record } = world;
  if (made.steps.some(({ kind }) => kind === "override")) return;
  const now = migrations(world, made);
  const serving = record === undefined ? [] : [record.stable, record.canary?.key];
  for (const key of serving) {
    const former = key === undefined ? undefined : record?.releases[key]?.version;
    if (former !== undefined) now.forEach(([, contract]) => works(former, contract));
  }
  const contracts = [...(record === undefined ? [] : truth.migrated.values())];
  for (const { key, version, role } of made.releases) {
    const had = record?.stable === key || record?.canary?.key === key;
    const stays = role === "stable" ? record?.stable === key : had;
    if (role === "retained" || stays) continue;
    if (record !== undefined) [...contracts].forEach((contract) => works(version, contract));
  }
}

function works(version: string, contract: string | undefined): void {
  if (contract === undefined) return;
  const order = compareVersions(version, contract);
  assert.ok(order === 0 || order === 1, `${version} does not work, only ${contract} and later do`);
}

import assert from "node:assert/strict";
import program from "../../../index";
import { plain, presets, nginxResources } from "../../../config/app/presets";
import { images } from "../../../versions/images";
import { releaseDangers } from "../../../cli/preview/dangers/releases";
import { readEvents } from "../../../cli/preview/events";
import { at } from "../../../render/objects";
import { record, type Recording } from "../../../render/record";
import { change } from "../cli/preview/support";

type Config = Record<string, unknown>;
type Leaf = { path: string; set: (value: unknown) => void; value: unknown };

function config(): Config {
  const app = (name: string, more: object = {}) => ({
    team: "commerce",
    domain: `${name}.platform.test`,
    image: `harbor.test/${name}/${name}`,
    stable: { version: "1.4.2" },
    canary: { version: "1.5.0", weight: 10 },
    ...more,
  });
  const site = {
    preset: "php-fpm",
    logDirectories: { accesslogs: "/logs" },
    number: 7,
    nodeGroup: "fast",
    env: { LEVEL: "info" },
  };
  return {
    "platform:environment": "test",
    "platform:domain": "platform.test",
    "platform:cluster": { kubeconfig: "none", context: "none" },
    "platform:releases": { forcedCanary: true, soak: "1h", checkRequired: false },
    "platform:images": { mirror: "mirror.platform.test" },
    "platform:nodeGroups": { fast: { labels: { disk: "ssd" } } },
    "platform:apps": { plain: app("plain"), site: app("site", site) },
  };
}

async function run(given: Config, before?: Recording): Promise<Recording> {
  return record(program, "test", given, { lastOutputs: before?.outputs });
}

/** Returns the inputs of each Deployment's pods, by its name. */
function podsOf({ registrations }: Recording): Record<string, object> {
  return Object.fromEntries(
    registrations
      .filter(({ type }) => type.endsWith(":Deployment"))
      .map(({ name, inputs }) => [name, { spec: { template: at(inputs, "spec.template") } }]),
  );
}

/** Returns every scalar value, with a way to set it. */
function leavesOf(value: object, path = ""): Leaf[] {
  return Object.entries(value).flatMap(([key, part]: [string, unknown]) => {
    const here = path === "" ? key : `${path}.${key}`;
    if (typeof part === "object" && part !== null) return leavesOf(part, here);
    const set = (next: unknown) => Object.assign(value, { [key]: next });
    return [{ path: here, value: part, set }];
  });
}

/** Returns another value of the same type. */
function another(value: unknown): unknown {
  if (typeof value === "number") return value + 1;
  if (typeof value === "boolean") return !value;
  const text = String(value);
  if (/^\d+(Mi|Gi|m)?$/.test(text))
    return text.replace(/^\d+/, (digits) => `${Number(digits) + 1}`);
  return text.startsWith("/") ? `${text}x` : `x${text}`;
}

/** Returns live releases whose pods differ, and checks that each is named as a danger. */
function replaced(before: Recording, after: Recording): string[] {
  const [old, now] = [podsOf(before), podsOf(after)];
  const differing = Object.keys(old).filter(
    (name) => name in now && JSON.stringify(old[name]) !== JSON.stringify(now[name]),
  );
  for (const name of differing) {
    const { steps } = readEvents(
      change({
        name,
        parent: { type: "platform:app:Release", name },
        before: old[name] as Config,
        after: now[name] as Config,
      }),
    );
    const [danger] = releaseDangers(steps, []);
    assert.match(danger?.text ?? "", new RegExp(`live release .*${name}.* without a canary`));
  }
  return differing;
}

/** What the program itself adds to pods, which changes only with the program. */
const ofProgram: [string, object][] = [
  ["plain", plain],
  ["presets", presets],
  ["nginxResources", nginxResources],
  ["images.nginx", images.nginx],
];

describe("the values with which a live release runs", () => {
  let first: Recording;
  before(async () => {
    first = await run(config());
  });

  it("are the same in the next update", async () => {
    assert.deepEqual(replaced(first, await run(config(), first)), []);
  });

  for (const [title, given] of ofProgram) {
    it(`do not follow the program's ${title}`, async () => {
      const leaves = leavesOf(given);
      assert.ok(leaves.length > 1);
      for (const { value, set } of leaves) set(another(value));
      try {
        assert.deepEqual(replaced(first, await run(config(), first)), []);
        // A new release in an update does.
        const next = config();
        const apps = next["platform:apps"] as Record<string, Config>;
        for (const app of Object.values(apps)) app["canary"] = { version: "1.6.0", weight: 10 };
        next["platform:releases"] = {
          ...(next["platform:releases"] as object),
          secondRelease: "supersede",
        };
        const pods = JSON.stringify(podsOf(await run(next, first)));
        assert.ok(leaves.some(({ value }) => pods.includes(String(another(value)))));
      } finally {
        for (const { value, set } of leaves) set(value);
      }
    });
  }

  it("change with no other field of the config, or the preview reports or refuses it", async () => {
    const named: string[] = [];
    const paths = leavesOf(config()).map(({ path }) => path);
    for (const path of paths.filter((each) => !each.startsWith("platform:apps.plain."))) {
      const edited = config();
      const leaf = leavesOf(edited).find((each) => each.path === path);
      leaf?.set(another(leaf.value));
      let after: Recording;
      try {
        after = await run(edited, first);
      } catch {
        continue;
      }
      if (replaced(first, after).length > 0) named.push(path);
    }
    // Where pods can run depends on the current nodes: a recorded value could keep pods from starting.
    assert.deepEqual(named, ["platform:nodeGroups.fast.labels.disk"]);
  });

  it("do not follow a changed domain into other log directories, or a new mirror or registry", async () => {
    const edited = config();
    edited["platform:images"] = { mirror: "other.platform.test" };
    const apps = edited["platform:apps"] as Record<string, Config>;
    for (const [name, app] of Object.entries(apps)) app["domain"] = `other-${name}.platform.test`;
    assert.deepEqual(replaced(first, await run(edited, first)), []);
  });
});

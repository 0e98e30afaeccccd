import assert from "node:assert/strict";
import { repeatChecksOf } from "../../../../cli/stacks/checks";
import { summary } from "../../../../cli/stacks/report";
import { parseStack } from "../../../../config";
import { decide } from "../../../../program/decision";
import { checkRulesHash, type AppRecord } from "../../../../releases";
import { startAnsweringPrometheus, type Answers } from "../../../support/answering-prometheus";
import { World } from "./support";

const start = new Date(Date.now() - 26 * 3600 * 1000);
const healthy: Answers = { requests: 2000, errors: 1, latency: 0.2, restarts: 0 };

describe("a stack among many whose canary is promoted", () => {
  let world: World;
  let answers: Answers;
  let prometheus: Awaited<ReturnType<typeof startAnsweringPrometheus>>;
  beforeEach(async () => {
    world = new World();
    answers = { ...healthy };
    prometheus = await startAnsweringPrometheus(answers, { stable: healthy });
    world.times.set("prod", start.toISOString());
  });
  afterEach(() => {
    world.remove();
    prometheus.close();
  });

  function values(shop: object): Record<string, unknown> {
    const image = "harbor.platform.test/shop/shop";
    return {
      environment: "online",
      domain: "platform.test",
      cluster: { kubeconfig: "none", context: "none" },
      components: { tenancy: { teams: { commerce: {} } } },
      releases: { prometheus: prometheus.address },
      apps: { shop: { team: "commerce", domain: "shop.platform.test", image, ...shop } },
    };
  }

  function update(shop: object, recorded?: AppRecord): AppRecord {
    const stack = parseStack("prod", values(shop));
    const { shop: app } = stack.apps;
    assert.ok(app !== undefined);
    const known = { name: "shop", app, stackName: "prod", stack, recorded, now: start };
    const { answer } = decide(known);
    assert.ok(answer.kind === "plan");
    return answer.next;
  }

  /** Writes a stack that promotes its canary by a check that its file says has passed, and runs it. */
  async function outcome(verb: "preview" | "up" = "up") {
    const stable = { version: "1.4.2" };
    const record = update({ stable, canary: { version: "1.5.0", weight: 10 } }, update({ stable }));
    const { check: rules } = record.guard ?? {};
    assert.ok(rules !== undefined);
    const at = new Date(Date.now() - 1000).toISOString();
    const passed = { verdict: "pass", at, release: "1.5.0", samples: 2000 };
    const check = { ...passed, rules: checkRulesHash(rules) };
    const config = Object.entries(values({ stable: { version: "1.5.0", check } }));
    world.stack("prod", Object.fromEntries(config.map(([key, it]) => [`platform:${key}`, it])));
    world.outputs.set("prod", { releases: { shop: record } });
    const [first] = await world.outcomes({ verb, checks: repeatChecksOf });
    assert.ok(first !== undefined);
    return first;
  }

  it("is updated after its check has passed again, and says so", async () => {
    const ended = await outcome();
    assert.deepEqual([ended.status, world.runs], ["succeeded", ["up prod"]]);
    const text = summary([ended], () => "log");
    assert.match(
      text,
      /STACK +REPEATED CHECKS OF CANARIES\nprod +shop: the check of 1\.5\.0, on which its promotion relies, passes again: 2000 requests\n/,
    );
  });

  for (const verb of ["up", "preview"] as const) {
    it(`fails before the engine starts its ${verb}, if the check fails`, async () => {
      answers.errors = 400;
      const ended = await outcome(verb);
      assert.deepEqual([ended.status, world.runs], ["failed", []]);
      assert.match(
        ended.text,
        /^Stack "prod" would take steps of canaries that fail their checks; nothing was changed\.\n.*fails now: errors: .*\n.*release rollback shop --stack prod/,
      );
    });
  }

  it("is updated if Prometheus does not answer, and says so", async () => {
    prometheus.close();
    const ended = await outcome();
    assert.deepEqual([ended.status, world.runs], ["succeeded", ["up prod"]]);
    assert.match(
      ended.checks?.join() ?? "",
      /could not be repeated: Prometheus at .* does not answer/,
    );
  });
});

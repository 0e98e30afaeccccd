import assert from "node:assert/strict";
import { parseStack, type StackConfig } from "../../../config";
import { prometheusOf } from "../../../cli/release/trial";
import { decide } from "../../../program/decision";
import type { AppRecord, Plan } from "../../../releases";

const now = new Date("2026-11-21T12:00:00Z");
const [online, other] = ["organization/platform/online", "organization/platform/other"];

function stackOf(releases: object, platformStack?: string): StackConfig {
  return parseStack("shop.online", {
    environment: "dev",
    domain: "platform.test",
    cluster: { kubeconfig: "none", context: "none" },
    releases,
    ...(platformStack !== undefined && { platformStack }),
    apps: {
      shop: {
        team: "commerce",
        domain: "shop.platform.test",
        image: "harbor.platform.test/shop/shop",
        stable: { version: "1.4.2" },
      },
    },
  });
}

function planned(recorded: AppRecord | undefined, stack: StackConfig): Plan {
  const app = stack.apps["shop"];
  assert.ok(app !== undefined);
  const { answer } = decide({ name: "shop", app, stackName: "shop.online", stack, recorded, now });
  assert.ok(answer.kind === "plan");
  return answer;
}

const askedIn = ({ next }: Plan) => next.guard?.check?.prometheus;
const weakened = ({ notices }: Plan) =>
  notices.flatMap(({ kind, text }) => (kind === "policy-weaker" ? [text] : []));

describe("the Prometheus in the rules that are in force", () => {
  const first = planned(undefined, stackOf({}, online));
  const weaker = { by: "ann", reason: "the apps move to the other platform" };
  /** Stubs of the outputs of both platform stacks. */
  const outputs = (stack: string) =>
    Promise.resolve({
      platform: { prometheus: `http://${stack.split("/").at(-1)}.example.com` },
    });

  it("is the named platform stack's, until a reason is given for another one", () => {
    assert.equal(askedIn(first), `platform stack ${online}`);
    const silent = planned(first.next, stackOf({}, other));
    assert.match(weakened(silent).join(), /\(prometheus\) is weaker .* stays in force; write/);
    assert.equal(askedIn(silent), `platform stack ${online}`);
    const told = planned(first.next, stackOf({ weaker }, other));
    assert.equal(askedIn(told), `platform stack ${other}`);
  });

  it("is added to records of older programs without a reason", () => {
    const { guard } = first.next;
    assert.ok(guard?.check !== undefined);
    const check = { ...guard.check, prometheus: "platform stack" };
    const former = { ...first.next, guard: { ...guard, check } };
    const next = planned(former, stackOf({}, online));
    assert.deepEqual(weakened(next), []);
    assert.equal(askedIn(next), `platform stack ${online}`);
    assert.equal(weakened(planned(next.next, stackOf({}, other))).length, 1);
  });

  it("is the one that this stack names, even if the config names another one or none", async () => {
    for (const platformStack of [other, undefined]) {
      const { next } = planned(first.next, stackOf({}, platformStack));
      const rules = next.guard?.check ?? {};
      assert.equal(await prometheusOf(rules, outputs), "http://online.example.com");
    }
    assert.equal(await prometheusOf({ prometheus: "platform stack" }, outputs), undefined);
    assert.equal(await prometheusOf({}, outputs), undefined);
    const address = "http://prometheus.example.com";
    assert.equal(await prometheusOf({ prometheus: address }, outputs), address);
  });
});

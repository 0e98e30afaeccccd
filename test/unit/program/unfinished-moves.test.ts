import assert from "node:assert/strict";
import { parseStack } from "../../../config";
import { decide } from "../../../program/decision";
import { unfinishedMoves } from "../../../program/unfinished-moves";

const now = new Date("2026-11-21T12:00:00Z");

function stackOf(team: string) {
  const image = "harbor.platform.test/shop/shop";
  const shop = { team, image, domain: "shop.platform.test", stable: { version: "1.4.2" } };
  return parseStack("dev", {
    environment: "dev",
    domain: "platform.test",
    cluster: { kubeconfig: "none", context: "none" },
    apps: { shop },
  });
}

/** Returns a resource of the state, as the engine gives it. */
function resource(type: string, namespace: string, name = "shop", of = "shop") {
  const labels = { "app.kubernetes.io/name": of, "app.kubernetes.io/part-of": "apps" };
  const metadata = { name, namespace, labels };
  return { urn: `urn:pulumi:dev::platform::${type}::${name}`, type, outputs: { metadata } };
}

describe("a move that is not complete", () => {
  const [old, next] = ["commerce-dev", "content-dev"];
  const recorded = (namespace: string) => ({ shop: { namespace } });
  const unfinished = (team: string, places: string[], newest = recorded(old)) => {
    const resources = places.map((place) => resource("kubernetes:core/v1:Service", place));
    return unfinishedMoves(stackOf(team), recorded(old), newest, resources);
  };

  it("can be neither reverted nor redirected", () => {
    assert.deepEqual(unfinished("commerce", [old, next]), { shop: next });
    assert.deepEqual(unfinished("commerce", [next]), { shop: next });
    assert.deepEqual(unfinished("commerce", [next], recorded(next)), { shop: next });
    assert.deepEqual(unfinished("media", [old, next]), { shop: next });
  });

  it("can be completed, and nothing else is refused", () => {
    assert.deepEqual(unfinished("content", [old, next]), {});
    assert.deepEqual(unfinished("content", [old, next], recorded(next)), {});
    assert.deepEqual(unfinished("content", [old]), {});
    assert.deepEqual(unfinished("commerce", [old]), {});
    assert.deepEqual(unfinished("commerce", []), {});
    assert.deepEqual(unfinishedMoves(stackOf("commerce"), {}, {}, []), {});
  });

  it("is detected by the app's own objects in the state", () => {
    const resources = [
      resource("kubernetes:batch/v1:Job", "former-dev"),
      resource("kubernetes:networking.k8s.io/v1:NetworkPolicy", next, "news.from.commerce.shop"),
      resource("kubernetes:core/v1:Service", next, "news", "news"),
      { urn: "urn:pulumi:dev::platform::platform:app:App::shop", type: "platform:app:App" },
    ];
    const found = () =>
      unfinishedMoves(stackOf("commerce"), recorded(old), recorded(old), resources);
    assert.deepEqual(found(), {});
    resources.push(resource("kubernetes:apps/v1:Deployment", next));
    assert.deepEqual(found(), { shop: next });
  });

  it("is refused by name", () => {
    const stack = stackOf("commerce");
    const app = stack.apps["shop"];
    assert.ok(app !== undefined);
    const known = { name: "shop", app, stackName: "dev", stack, now };
    const { answer } = decide(known);
    assert.ok(answer.kind === "plan");
    const { answer: refused } = decide({ ...known, recorded: answer.next, unfinished: next });
    assert.ok(refused.kind === "refusal");
    assert.deepEqual(
      refused.refusals.map(({ rule, message }) => `${rule}: ${message}`),
      [
        "move-unfinished: a move of shop to namespace content-dev has not ended, and the config names commerce-dev: the objects that serve would be deleted",
      ],
    );
  });
});

import assert from "node:assert/strict";
import { Gateway } from "../../../components/gateway";
import { Placement } from "../../../components/placement";
import type { PlacementRules } from "../../../components/shared/placement";
import { at, declare, type Declared } from "../../support/declare";
import { partConfig } from "../../support/part-config";
import { podOf } from "../../support/shop";
import type { PartConfig } from "../../../config";

const context = { environment: "dev" };
const group = { name: "platform", labels: { role: "platform" }, exclusive: true };
const toleration = {
  key: "platform/exclusive",
  operator: "Equal",
  value: "platform",
  effect: "NoSchedule",
};

function placement(
  config: Partial<PartConfig<"placement">> = {},
  use: (rules: PlacementRules) => void = () => undefined,
): Promise<Declared> {
  return declare((provider) => {
    const { rules } = new Placement(
      "placement",
      { context, config: partConfig("placement", config), nodeGroups: { platform: group } },
      { provider },
    );
    use(rules);
  });
}

/** Returns the fields of a pod about its placement. */
function placeOf(pod: object): object {
  return {
    class: at(pod, "priorityClassName"),
    nodes: at(pod, "nodeSelector"),
    tolerations: at(pod, "tolerations"),
  };
}

async function gatewayPlace(config: Partial<PartConfig<"placement">>): Promise<object> {
  const declared = await declare((provider) => {
    const { rules } = new Placement(
      "placement",
      { context, config: partConfig("placement", config), nodeGroups: { platform: group } },
      { provider },
    );
    const exposure = { type: "HostPort" };
    new Gateway(
      "gateway",
      { context: { ...context, placement: rules }, config: partConfig("gateway", { exposure }) },
      { provider },
    );
  });
  return placeOf(at(declared.object("Deployment", "traefik"), "spec.template.spec") as object);
}

describe("Placement", () => {
  it("replaces a class whose value changes, because the API server does not allow the change", async () => {
    const { registrations } = await placement();
    const classes = registrations.filter(({ type }) => type.endsWith(":PriorityClass"));
    assert.equal(classes.length, 2);
    for (const { replaceOnChanges } of classes) {
      assert.deepEqual(replaceOnChanges, ["value", "preemptionPolicy"]);
    }
  });

  it("orders the platform before the apps", async () => {
    const declared = await placement();
    const value = (name: string) => at(declared.object("PriorityClass", name), "value") as number;
    assert.deepEqual(declared.names("PriorityClass"), ["apps", "platform"]);
    assert.ok(value("platform") > value("apps"));
    assert.ok(value("apps") > 0, "a pod without a class comes after the apps");
    assert.ok(value("platform") < 1_000_000_000, "Kubernetes' own classes come first");
  });

  it("changes nothing for pods that name no class, and says what each class is for", async () => {
    for (const object of (await placement()).objects) {
      assert.equal(object["globalDefault"], false);
      assert.equal(object["preemptionPolicy"], "PreemptLowerPriority");
      assert.ok((object["description"] as string).length > 40);
    }
  });

  it("declares nothing if another stack has the classes, but names them", async () => {
    let classes: PlacementRules["classes"] | undefined;
    const { objects } = await placement({ declare: false }, (rules) => (classes = rules.classes));
    assert.deepEqual(objects, []);
    assert.deepEqual(classes, { platform: "platform", apps: "apps" });
  });

  it("refuses a node group that the stack does not have", async () => {
    await assert.rejects(
      placement({ nodeGroup: "metal" }),
      /platform:components\.placement\.nodeGroup: expected a group of platform:nodeGroups \(.*\), got "metal"/,
    );
  });

  it("puts parts of the platform on its node group, in its class", async () => {
    assert.deepEqual(await gatewayPlace({ nodeGroup: "platform" }), {
      class: "platform",
      nodes: { role: "platform" },
      tolerations: [toleration],
    });
    assert.deepEqual(await gatewayPlace({}), {
      class: "platform",
      nodes: undefined,
      tolerations: undefined,
    });
  });

  it("gives apps the priority class of apps, and lets them choose their node group", async () => {
    const classes = { platform: "platform", apps: "apps" };
    const { pod } = await podOf(
      {},
      { context: { environment: "dev", placement: { classes, nodeGroup: group } } },
    );
    assert.deepEqual(placeOf(pod), { class: "apps", nodes: undefined, tolerations: undefined });
    const fast = { name: "fast", labels: { disk: "nvme" }, exclusive: false };
    const own = await podOf(
      { nodeGroup: "fast" },
      {
        context: { environment: "dev", placement: { classes, nodeGroup: group } },
        nodeGroups: { fast },
      },
    );
    assert.deepEqual(placeOf(own.pod), {
      class: "apps",
      nodes: { disk: "nvme" },
      tolerations: undefined,
    });
  });

  it("leaves pods without a class if the stack has none", async () => {
    const { pod } = await podOf({});
    assert.equal("priorityClassName" in pod, false);
  });
});

import assert from "node:assert/strict";
import { parseStack } from "../../../../config";
import { at, type Declared } from "../../../support/declare";
import { tenancy } from "../../../support/teams";
import { errorsIn } from "../../config/errors-of";
import { small } from "../../config/small";

describe("Tenancy", () => {
  it("gives each team a namespace with its quota and its containers' defaults", async () => {
    const declared = await tenancy();
    assert.deepEqual(declared.names("Namespace"), ["commerce-dev", "content-dev"]);
    assert.deepEqual(namespacesOf(declared, "ResourceQuota", "team"), [
      "commerce-dev",
      "content-dev",
    ]);
    assert.deepEqual(namespacesOf(declared, "LimitRange", "container-defaults"), [
      "commerce-dev",
      "content-dev",
    ]);
    assert.deepEqual(at(declared.object("ResourceQuota", "team"), "spec.hard"), {
      "requests.cpu": "8",
      "requests.ephemeral-storage": "12800Mi",
      "requests.memory": "16Gi",
      pods: "50",
    });
  });

  it("names namespaces as configured, and those of a branch after it", async () => {
    const named = { namespace: "shops" };
    assert.deepEqual((await tenancy(named)).names("Namespace"), ["content-dev", "shops"]);
    const { names } = await tenancy(named, { branch: "fix-login" });
    assert.deepEqual(names("Namespace"), ["content-dev-fix-login", "shops-fix-login"]);
  });

  it("lets no pod of a team name a priority above the apps'", async () => {
    const declared = await tenancy();
    assert.deepEqual(namespacesOf(declared, "ResourceQuota", "no-platform-priority"), [
      "commerce-dev",
      "content-dev",
    ]);
    assert.deepEqual(at(declared.object("ResourceQuota", "no-platform-priority"), "spec"), {
      hard: { pods: "0" },
      scopeSelector: {
        matchExpressions: [
          {
            scopeName: "PriorityClass",
            operator: "In",
            values: ["platform", "system-cluster-critical", "system-node-critical"],
          },
        ],
      },
    });
  });

  it("labels namespaces for routes, Pod Security and the team's own needs", async () => {
    const { metadata } = (await tenancy({ labels: { cost: "42" } })).object(
      "Namespace",
      "commerce-dev",
    );
    assert.equal(metadata.labels?.["platform/environment"], "dev");
    assert.equal(metadata.labels?.["platform/team"], "commerce");
    assert.equal(metadata.labels?.["pod-security.kubernetes.io/enforce"], "restricted");
    assert.equal(metadata.labels?.["cost"], "42");
  });

  it("lets no setting of a team loosen Pod Security or change its environment", async () => {
    const labels = {
      "pod-security.kubernetes.io/enforce": "privileged",
      "platform/environment": "online",
    };
    const { metadata } = (await tenancy({ labels })).object("Namespace", "commerce-dev");
    assert.equal(metadata.labels?.["pod-security.kubernetes.io/enforce"], "restricted");
    assert.equal(metadata.labels?.["platform/environment"], "dev");
  });

  it("sets only labels on a namespace that the config refuses for a team", async () => {
    const podSecurity = { level: "baseline" as const, reason: "An agent of the nodes." };
    const { metadata } = (await tenancy({ podSecurity })).object("Namespace", "commerce-dev");
    const errors = errorsIn(() =>
      parseStack("dev", {
        ...small,
        components: { tenancy: { teams: { commerce: { labels: metadata.labels } } } },
      }),
    );
    const refused = errors.filter((error) => error.includes("expected no label"));
    assert.equal(refused.length, Object.keys(metadata.labels ?? {}).length, errors.join("\n"));
  });

  it("records the reason for a Pod Security exception, and still warns", async () => {
    const podSecurity = { level: "privileged" as const, reason: "Logs go to the machine." };
    const declared = await tenancy({ podSecurity });
    const { labels, annotations } = declared.object("Namespace", "commerce-dev").metadata as {
      labels: Record<string, string>;
      annotations: Record<string, string>;
    };
    assert.equal(labels["pod-security.kubernetes.io/enforce"], "privileged");
    assert.equal(labels["pod-security.kubernetes.io/warn"], "restricted");
    assert.deepEqual(annotations, { "platform/pod-security-reason": "Logs go to the machine." });
    const other = declared.object("Namespace", "content-dev").metadata;
    assert.equal(other.labels?.["pod-security.kubernetes.io/enforce"], "restricted");
    assert.equal("annotations" in other, false);
  });
});

function namespacesOf(declared: Declared, kind: string, name: string): (string | undefined)[] {
  return declared.objects
    .filter((object) => object.kind === kind && object.metadata.name === name)
    .map(({ metadata }) => metadata.namespace);
}

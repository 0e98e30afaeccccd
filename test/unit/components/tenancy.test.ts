import assert from "node:assert/strict";
import { Tenancy } from "../../../components/tenancy";
import { at, declare } from "../../support/declare";

describe("Tenancy", () => {
  const quota = { cpu: "8", memory: "16Gi", pods: 50 };
  const tenancy = () =>
    declare((provider) => {
      const teams = { commerce: { quota, labels: { cost: "42" } }, content: { quota, labels: {} } };
      new Tenancy("tenancy", { environment: "dev", teams }, { provider });
    });

  it("gives each team a namespace with a quota and container defaults", async () => {
    const declared = await tenancy();
    assert.deepEqual(declared.names("Namespace"), ["commerce-dev", "content-dev"]);
    for (const kind of ["ResourceQuota", "LimitRange"]) {
      const namespaces = declared.objects
        .filter((object) => object.kind === kind)
        .map(({ metadata }) => metadata.namespace);
      assert.deepEqual(namespaces, ["commerce-dev", "content-dev"]);
    }
    assert.deepEqual(at(declared.object("ResourceQuota", "team"), "spec.hard"), {
      "requests.cpu": "8",
      "requests.memory": "16Gi",
      pods: "50",
    });
  });

  it("labels namespaces for routes, Pod Security and the team's own wishes", async () => {
    const { metadata } = (await tenancy()).object("Namespace", "commerce-dev");
    assert.equal(metadata.labels?.["platform/environment"], "dev");
    assert.equal(metadata.labels?.["pod-security.kubernetes.io/enforce"], "restricted");
    assert.equal(metadata.labels?.["cost"], "42");
  });
});

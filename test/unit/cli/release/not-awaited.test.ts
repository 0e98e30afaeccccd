import assert from "node:assert/strict";
import { notWaitedFor } from "../../../../cli/preview/changes";
import { readEvents } from "../../../../cli/preview/events";
import { isOfApp, unreadyPlatform, type StateResource } from "../../../../engine/state";
import { change, type Change } from "../preview/support";

const logging = { type: "platform:logging:Logging", name: "logging" };
const release = { type: "platform:app:Release", name: "shop-1-5-0" };
const fields = (replicas = 1) => ({
  kind: "Deployment",
  metadata: { name: "a", namespace: "n" },
  spec: { replicas },
});
const names = (...changes: Change[]) => namesWith([], ...changes);
const namesWith = (steady: string[], ...changes: Change[]) =>
  notWaitedFor(readEvents(changes.flatMap(change)).steps, steady).map(({ name }) => name);

describe("objects that a release does not wait for", () => {
  const kibana = {
    name: "kibana",
    parent: logging,
    before: { ...fields(), metadata: { name: "kibana" } },
    after: { ...fields(), metadata: { name: "kibana" } },
    unready: true,
  };
  const shop = { name: "shop", parent: release, before: fields(), after: fields(2) };

  it("include a part of the platform that was not ready and in which the plan changes no field", () => {
    assert.deepEqual(names(kibana, shop), ["kibana"]);
  });

  it("are none if no app changes, because the update is then about these objects", () => {
    assert.deepEqual(names(kibana), []);
  });

  it("do not include changed objects, or a release that was not ready", () => {
    const changed = { ...kibana, after: { ...kibana.after, spec: { replicas: 2 } } };
    const unready = { ...shop, name: "web", after: fields(), unready: true };
    assert.deepEqual(names(changed, unready, shop), []);
  });

  it("include a steady release that was not ready, if another one changes", () => {
    const steady = ["shop-1-6-0"];
    const left: Change = {
      name: "shop-1-6-0",
      parent: release,
      before: { ...fields(), metadata: { name: "shop-1-6-0", namespace: "n" } },
      after: { ...fields(), metadata: { name: "shop-1-6-0", namespace: "n" } },
      unready: true,
    };
    const changed = { ...left, after: { ...left.after, spec: { replicas: 2 } } };
    const service = { ...left, type: "kubernetes:core/v1:Service" };
    assert.deepEqual(namesWith(steady, left, shop), ["shop-1-6-0"]);
    assert.deepEqual(namesWith(steady, left), [], "the update is about it");
    assert.deepEqual(namesWith(steady, changed, shop), []);
    assert.deepEqual(namesWith(steady, service, shop), []);
    assert.deepEqual(namesWith([], left, shop), []);
  });

  it("are, in the state, those that belong to no app and were not ready", () => {
    const resource = (types: string, initErrors?: string[]): StateResource => ({
      urn: `urn:pulumi:prod::platform::${types}$kubernetes:apps/v1:Deployment::${types}`,
      type: "kubernetes:apps/v1:Deployment",
      custom: true,
      ...(initErrors && { initErrors }),
    });
    const resources = [
      resource("platform:logging:Logging", ["0 of 1 pods are ready"]),
      resource("platform:registry:Registry"),
      resource("platform:monitoring:Monitoring", []),
      resource("platform:app:Release", ["0 of 4 pods are ready"]),
      resource("platform:app:App$platform:app:Release", ["0 of 4 pods are ready"]),
    ];
    const found = unreadyPlatform({ version: 3, deployment: { resources } });
    assert.deepEqual(found, resources.slice(0, 1));
    assert.equal(resources.filter(({ urn }) => isOfApp(urn)).length, 2);
  });
});

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { NotReady } from "../../../../local/plugins/resource-kubernetes/await";
import type { Provider } from "../../../../local/plugins/resource-kubernetes/provider";
import type { PropertyMap } from "../../../../local/plugins/shared/values";
import { ApiServer } from "./api-server";

const type = "kubernetes:core/v1:Service";
const folder = "/api/v1/namespaces/n/services";
const path = `${folder}/a`;
const behind = "/api/v1/namespaces/n/endpoints/a";
const selector = { app: "a" };

/** Longer than the time for which addresses must be unchanged, milliseconds. */
const settled = 10_500;

function service(spec: object, annotations: PropertyMap = {}) {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "a", namespace: "n", annotations },
    spec: spec as PropertyMap,
  };
}

describe("a Service", function () {
  this.timeout(30_000);
  let server: ApiServer;
  let provider: Provider;
  beforeEach(async () => {
    server = new ApiServer();
    provider = await server.provider();
  });
  afterEach(() => server.stop());

  function addresses(version: string, subset: object): void {
    const metadata = { name: "a", resourceVersion: version };
    server.answers[`GET ${behind}`] = { body: { metadata, subsets: [subset] } };
  }

  /**
   * Creates it.
   * @returns how long that took, milliseconds.
   */
  async function create(inputs: ReturnType<typeof service>, timeout = 20, more = {}) {
    const body = { ...inputs, ...more };
    server.answers[`POST ${folder}`] = { body };
    server.answers[`GET ${path}`] = { body };
    const start = Date.now();
    await provider.create(inputs, { urn: "u", type, preview: false, timeout, progress: () => {} });
    return Date.now() - start;
  }

  for (const [what, spec] of [
    ["without a selector", {}],
    ["that is headless", { selector, clusterIP: "None" }],
    ["that is another name", { selector, type: "ExternalName" }],
  ] as const) {
    it(`${what} is ready at once`, async () => {
      assert.ok((await create(service(spec))) < 8000);
    });
  }

  it("that is not waited for is ready at once", async () => {
    addresses("1", { notReadyAddresses: [{}] });
    const inputs = service({ selector }, { "pulumi.com/skipAwait": "true" });
    assert.ok((await create(inputs)) < 8000);
  });

  it("is ready once its addresses have not changed for ten seconds", async () => {
    addresses("1", { addresses: [{}] });
    const creating = create(service({ selector }));
    await sleep(2000);
    addresses("2", { addresses: [{}, {}] });
    const took = await creating;
    assert.ok(took > 2000 + 9000 && took < 2000 + settled + 3000, `${took}`);
  });

  it("fails while one address is unready, whatever the state of the others", async () => {
    addresses("1", { addresses: [{}], notReadyAddresses: [{}] });
    await assert.rejects(create(service({ selector }), 1), (error: unknown) => {
      assert.ok(error instanceof NotReady);
      assert.match(error.message, /was not ready within 1 s: 1 addresses behind it are not ready/);
      return true;
    });
  });

  it("is ready at the timeout even if its addresses may still change", async () => {
    addresses("1", {});
    assert.ok((await create(service({ selector }), 1)) < 4000);
  });

  it("of a load balancer needs an address", async () => {
    const balancer = service({ type: "LoadBalancer" });
    await assert.rejects(create(balancer, 1), /it has no address yet/);
    const status = { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } };
    assert.ok((await create(balancer, 1, { status })) < 8000);
  });

  describe("when it is read", () => {
    const read = async (annotations: PropertyMap = {}) => {
      const inputs = service({ selector }, annotations);
      server.answers[`GET ${path}`] = { body: inputs };
      return (await provider.read("n/a", inputs, type))?.reasons;
    };

    it("is recorded as not ready with an unready address, unless it is not waited for", async () => {
      addresses("1", { notReadyAddresses: [{}, {}] });
      assert.deepEqual(await read(), [
        "Service n/a is not ready: 2 addresses behind it are not ready",
      ]);
      assert.deepEqual(await read({ "pulumi.com/skipAwait": "true" }), []);
    });

    it("is valid without an address", async () => {
      assert.deepEqual(await read(), []);
    });
  });
});

describe("a workload when it is read", () => {
  let server: ApiServer;
  before(() => (server = new ApiServer()));
  after(() => server.stop());

  const place = "/apis/apps/v1/namespaces/n/deployments/a";
  const inputs: PropertyMap = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "a", namespace: "n" },
    spec: { replicas: 2 },
  };
  const status = { replicas: 2, updatedReplicas: 2, availableReplicas: 1 };

  it("is reported as not ready, which a refresh records", async () => {
    const provider = await server.provider();
    server.answers[`GET ${place}`] = { body: { ...inputs, status } };
    const found = await provider.read("n/a", inputs, "kubernetes:apps/v1:Deployment");
    assert.deepEqual(found?.reasons, ["Deployment n/a is not ready: 1 of 2 pods are available"]);
    assert.deepEqual(found.inputs, inputs);
  });

  it("is accepted in any state for an import", async () => {
    const provider = await server.provider();
    const found = await provider.read("n/a", {}, "kubernetes:apps/v1:Deployment");
    assert.deepEqual(found?.reasons, []);
  });
});

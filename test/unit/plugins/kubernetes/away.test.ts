import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { NotReady } from "../../../../local/plugins/resource-kubernetes/await";
import type { Provider } from "../../../../local/plugins/resource-kubernetes/provider";
import { ApiServer } from "./api-server";

const urn = "urn:pulumi:dev::platform::kubernetes:core/v1:ConfigMap::a";
const type = "kubernetes:core/v1:ConfigMap";
const folder = "/api/v1/namespaces/n/configmaps";
const path = `${folder}/a`;

/** An object that is ready once its data says so. */
const inputs = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: {
    name: "a",
    namespace: "n",
    annotations: { "pulumi.com/waitFor": "jsonpath={.data.ready}=yes" },
  },
};
const object = (ready: string) => ({
  ...inputs,
  metadata: { ...inputs.metadata, uid: "1" },
  data: { ready },
});

describe("an object that was created while", () => {
  let server: ApiServer;
  let provider: Provider;
  let cancelled: AbortController;
  beforeEach(async () => {
    server = new ApiServer();
    cancelled = new AbortController();
    provider = await server.provider(undefined, cancelled.signal);
    server.answers[`POST ${folder}`] = { body: object("no") };
    server.answers[`GET ${path}`] = { body: object("no") };
  });
  afterEach(() => server.stop());

  function create(timeout: number) {
    return provider.create(inputs, { urn, type, preview: false, timeout, progress: () => {} });
  }

  /** Waits until the object was created, and then read once more. */
  async function lookAt(): Promise<void> {
    const from = server.asked.length;
    for (let turn = 0; turn < 200; turn += 1, await sleep(20)) {
      const made = server.asked.findIndex((request) => request.startsWith("POST"));
      const since = server.asked.slice(Math.max(made, from));
      if (made !== -1 && since.includes(`GET ${path}`)) return;
    }
    throw new Error(`only ${server.asked.join(", ")} was asked`);
  }

  async function failure(creating: Promise<unknown>): Promise<NotReady> {
    const error: unknown = await creating.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof NotReady, String(error));
    assert.equal(error.live.metadata.uid, "1");
    return error;
  }

  it("the API server is unavailable for a while is waited for anyway", async () => {
    const creating = create(20);
    await lookAt();
    server.stop();
    await sleep(700);
    server.answers[`GET ${path}`] = { status: 500, body: { message: "starting" } };
    await server.start();
    await lookAt();
    server.answers[`GET ${path}`] = { body: object("yes") };
    const { outputs } = await creating;
    assert.deepEqual(outputs.data, { ready: "yes" });
  });

  it("the API server becomes unavailable for good is recorded as not ready", async () => {
    const creating = create(2);
    await lookAt();
    server.stop();
    await failure(creating);
  });

  it("it may not be read is recorded, with the reason", async () => {
    const creating = create(2);
    await lookAt();
    server.answers[`GET ${path}`] = { status: 403, body: { message: "no rights" } };
    const { message } = await failure(creating);
    assert.match(
      message,
      /^ConfigMap n\/a exists, but its state is unknown: .*not allowed: no rights\./,
    );
  });

  it("the update is cancelled is recorded", async () => {
    const creating = create(20);
    await lookAt();
    cancelled.abort(new Error("The update was cancelled."));
    const { message } = await failure(creating);
    assert.match(message, /exists, .*: The update was cancelled\.$/);
  });
});

import assert from "node:assert/strict";
import { stablesOf } from "../../../../release/cluster/live-stable";
import { ReadServer } from "../../../support/reader";

const services = [
  {
    metadata: { name: "shop-stable", annotations: { "platform/release": "1.4.2-r2" } },
    spec: { selector: { "app.kubernetes.io/instance": "shop-1-4-2-r2" } },
  },
  { metadata: { name: "shop-canary", annotations: { "platform/release": "1.5.0" } } },
  {
    metadata: { name: "old-stable" },
    spec: { selector: { "app.kubernetes.io/instance": "old-7" } },
  },
];

describe("what a cluster runs of apps without a record", () => {
  let server: ReadServer;
  let status: number;

  beforeEach(async () => {
    status = 200;
    server = new ReadServer((request, response) => {
      response.statusCode = status;
      const items = request.url?.includes("/commerce-dev/") === true ? services : [];
      response.end(JSON.stringify(status === 200 ? { items } : { message: "no rights" }));
    });
    await server.start();
  });
  afterEach(() => server.stop());

  const found = (namespaces: Record<string, string>) => stablesOf(namespaces, server.reader);

  it("is what the Service's annotation says, else its selector; one request per namespace", async () => {
    const namespaces = {
      shop: "commerce-dev",
      old: "commerce-dev",
      news: "content-dev",
    };
    assert.deepEqual(await found(namespaces), { shop: "1.4.2-r2", old: "old-7" });
    assert.equal(server.asked.length, 2);
  });

  it("is an error, not a first deployment, when the API server refuses", async () => {
    status = 403;
    await assert.rejects(found({ shop: "commerce-dev" }), /answered 403 .*: no rights/);
  });

  it("is an error when the API server does not answer", async () => {
    await server.stop();
    await assert.rejects(found({ shop: "commerce-dev" }), /does not answer .*ECONNREFUSED/);
  });
});

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stablesOf } from "../../../../release/cluster/live-stable";
import { ClusterReader } from "../../../../components/cluster/reader";

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
  let folder: string;
  let server: Server;
  let asked: string[];
  let status: number;

  beforeEach(async () => {
    asked = [];
    status = 200;
    server = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.statusCode = status;
      const items = request.url?.includes("/commerce-dev/") === true ? services : [];
      response.end(JSON.stringify(status === 200 ? { items } : { message: "no rights" }));
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    folder = mkdtempSync(join(tmpdir(), "live-stable-"));
    const { port } = server.address() as AddressInfo;
    const document = {
      clusters: [
        {
          name: "c",
          cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true },
        },
      ],
      users: [{ name: "u", user: {} }],
      contexts: [{ name: "here", context: { cluster: "c", user: "u" } }],
    };
    writeFileSync(join(folder, "kubeconfig"), JSON.stringify(document));
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });

  function found(namespaces: Record<string, string>): Promise<Record<string, string>> {
    const reader = new ClusterReader({ kubeconfig: join(folder, "kubeconfig"), context: "here" });
    return stablesOf(namespaces, reader).finally(() => reader.close());
  }

  it("is what the Service's annotation says, else its selector; one request per namespace", async () => {
    const namespaces = {
      shop: "commerce-dev",
      old: "commerce-dev",
      news: "content-dev",
    };
    assert.deepEqual(await found(namespaces), { shop: "1.4.2-r2", old: "old-7" });
    assert.equal(asked.length, 2);
  });

  it("is an error, not a first deployment, when the API server refuses", async () => {
    status = 403;
    await assert.rejects(found({ shop: "commerce-dev" }), /answered 403 .*: no rights/);
  });

  it("is an error when the API server does not answer", async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    await assert.rejects(found({ shop: "commerce-dev" }), /does not answer .*ECONNREFUSED/);
  });
});

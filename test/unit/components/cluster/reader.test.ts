import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clusterUid } from "../../../../cluster/reader";
import { ProgramError } from "../../../../config";

const uid = "4f0c2f4e-6b7d-4a4e-9d86-0f3b0d2f6a11";

describe("a cluster's identity", () => {
  let folder: string;
  let kubeconfig: string;
  let server: Server;
  let asked: string[];
  let answer: { status: number; body: string };
  let address: string;

  beforeEach(async () => {
    asked = [];
    answer = { status: 200, body: JSON.stringify({ metadata: { uid } }) };
    server = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.statusCode = answer.status;
      response.end(answer.body);
    });
    server.on("connect", (request, socket) => {
      asked.push(`through the proxy to ${request.url}`);
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      server.emit("connection", socket);
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    folder = mkdtempSync(join(tmpdir(), "cluster-"));
    kubeconfig = join(folder, "kubeconfig");
    write({ server: address });
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });

  function write(cluster: Record<string, string>): void {
    const document = {
      clusters: [{ name: "c", cluster: { "insecure-skip-tls-verify": true, ...cluster } }],
      users: [{ name: "u", user: {} }],
      contexts: [
        { name: "here", context: { cluster: "c", user: "u" } },
        { name: "half", context: { cluster: "gone", user: "u" } },
      ],
    };
    writeFileSync(kubeconfig, JSON.stringify(document));
  }

  const identity = (context = "here") => clusterUid({ kubeconfig, context });

  async function assertRefused(pattern: RegExp, context?: string): Promise<void> {
    await assert.rejects(identity(context), (error) => {
      assert.ok(error instanceof ProgramError);
      assert.match(error.message, pattern);
      return true;
    });
  }

  it("is the UID of its namespace kube-system", async () => {
    assert.equal(await identity(), uid);
    assert.deepEqual(asked, ["/api/v1/namespaces/kube-system"]);
  });

  it("is requested below the path of the kubeconfig's server", async () => {
    write({ server: `${address}/k8s/clusters/c-1/` });
    assert.equal(await identity(), uid);
    assert.deepEqual(asked, ["/k8s/clusters/c-1/api/v1/namespaces/kube-system"]);
  });

  it("is requested through the proxy in the kubeconfig", async () => {
    write({ server: "http://api.cluster.test", "proxy-url": address });
    assert.equal(await identity(), uid);
    assert.deepEqual(asked, [
      "through the proxy to api.cluster.test:80",
      "/api/v1/namespaces/kube-system",
    ]);
  });

  it("is unknown for a server that does not belong to a cluster", async () => {
    answer = { status: 404, body: "{}" };
    await assertRefused(/no namespace kube-system/);
  });

  it("is unknown to a user without the right to read it", async () => {
    answer = { status: 403, body: JSON.stringify({ message: "no rights" }) };
    await assertRefused(/answered 403 .*: no rights/);
  });

  it("is unknown if a proxy responds instead of the cluster", async () => {
    answer = { status: 502, body: "<h1>Bad gateway</h1>" };
    await assertRefused(/answered 502 .*<h1>Bad gateway/);
  });

  it("is unknown if the server does not respond", async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    await assertRefused(/API server at http:\/\/127\.0\.0\.1:\d+ does not answer .*ECONNREFUSED/);
  });

  it("is not requested if the kubeconfig does not name a cluster", async () => {
    await assertRefused(/has no context "there"; it has here, half/, "there");
    await assertRefused(/has no such cluster as context "half" names/, "half");
    kubeconfig = join(folder, "nowhere");
    await assertRefused(/nowhere" cannot be read: there is no such file/);
    assert.deepEqual(asked, []);
  });
});

import assert from "node:assert/strict";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, createServer, type TLSSocket } from "node:tls";
import type { AddressInfo } from "node:net";
import { certificateNames } from "../../../../components/logging/certificates";
import {
  startRecordingServer,
  runBootstrap,
  runBootstrapHere,
  type RecordingServer,
} from "../../../support/bootstrap";

interface Secret {
  metadata: { name: string; namespace: string };
  data: Record<string, string>;
}

describe("the certificates of the log pipeline", () => {
  let folder: string;
  let stored: Secret | undefined;
  let published: Secret | undefined;
  let readStatus: number | undefined;
  /** Number of requests that are refused before the API server knows of the account's rights. */
  let refusals: number;
  let writeStatus: number;
  let server: RecordingServer;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "certificates-test-"));
    writeFileSync(join(folder, "token"), "t0ken\n");
    [stored, published, readStatus] = [undefined, undefined, undefined];
    [refusals, writeStatus] = [0, 201];
    server = await startRecordingServer(({ method, path, body }) => {
      const map = path.includes("/configmaps");
      const present = map ? published : stored;
      if (refusals > 0) return { status: refusals-- % 2 === 0 ? 401 : 403, body: {} };
      if (method === "GET") {
        return { status: readStatus ?? (present ? 200 : 404), body: present ?? {} };
      }
      if (writeStatus === 201 && map) published = body as Secret;
      else if (writeStatus === 201) stored = body as Secret;
      return { status: writeStatus, body: {} };
    });
  });
  afterEach(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  const run = (extra: object = {}, how = runBootstrapHere) => {
    server.requests.length = 0;
    const settings = {
      api: server.url,
      tokenFile: join(folder, "token"),
      namespace: "logging",
      name: "logging-tls",
      labels: {},
      names: certificateNames,
      days: 3650,
      ...extra,
    };
    return how("logging/certificates/make.mjs", settings, {});
  };
  const text = (key: string) => Buffer.from(stored?.data[key] ?? "", "base64").toString();

  it("are created once", async () => {
    const first = await run({}, runBootstrap);
    assert.equal(first.code, 0, first.stderr);
    const path = "/api/v1/namespaces/logging/secrets";
    assert.deepEqual(
      server.requests.map((request) => `${request.method} ${request.path}`),
      [`GET ${path}/logging-tls`, `POST ${path}`],
    );
    assert.deepEqual(stored?.metadata.name, "logging-tls");
    assert.deepEqual(Object.keys(stored?.data ?? {}), ["ca.crt", "tls.crt", "tls.key"]);

    const second = await run();
    assert.equal(second.code, 0);
    assert.deepEqual(server.writes(), []);
  });

  it("are in another namespace without any key, and follow the Secret", async () => {
    const publish = { namespace: "logging-nodes", name: "logging-ca" };
    const first = await run({ publish });
    assert.equal(first.code, 0, first.stderr);
    assert.equal(published?.metadata.namespace, "logging-nodes");
    assert.deepEqual(published?.data, { "ca.crt": text("ca.crt") });
    assert.equal((await run({ publish })).code, 0);
    assert.deepEqual(server.writes(), []);

    if (stored) stored.data["ca.crt"] = Buffer.from("renewed").toString("base64");
    await run({ publish });
    assert.deepEqual(server.writes(), [
      "PUT /api/v1/namespaces/logging-nodes/configmaps/logging-ca",
    ]);
    assert.deepEqual(published?.data, { "ca.crt": "renewed" });
  });

  it("of the stack are waited for, never created", async () => {
    const publish = { namespace: "logging-nodes", name: "logging-ca" };
    const { code, stderr } = await run({ publish, given: true });
    assert.equal(code, 1);
    assert.match(stderr, /expected a Secret logging-tls in logging, got none/);
    assert.deepEqual(server.writes(), []);
  });

  it("are signed by their authority for ten years, and only the authority may sign", async () => {
    await run();
    const authority = new X509Certificate(text("ca.crt"));
    const certificate = new X509Certificate(text("tls.crt"));
    assert.ok(authority.ca);
    assert.ok(!certificate.ca);
    assert.ok(authority.verify(authority.publicKey));
    assert.ok(certificate.verify(authority.publicKey));
    assert.ok(certificate.checkIssued(authority));
    assert.ok(certificate.checkPrivateKey(createPrivateKey(text("tls.key"))));
    const years = (Date.parse(certificate.validTo) - Date.now()) / 86_400_000 / 365;
    assert.ok(years > 9.9 && years < 10.1);
    // Kafka and Elasticsearch support this key format.
    assert.match(text("tls.key"), /^-----BEGIN PRIVATE KEY-----/);
  });

  it("are valid for every name of a pod, in a real handshake", async () => {
    await run();
    const listener = createServer({ key: text("tls.key"), cert: text("tls.crt") }, (socket) =>
      socket.end(),
    );
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
    const { port } = listener.address() as AddressInfo;
    const handshake = (servername: string) =>
      new Promise<TLSSocket["authorizationError"] | undefined>((resolve, reject) => {
        const socket = connect({ port, host: "127.0.0.1", servername, ca: text("ca.crt") }, () => {
          socket.destroy();
          resolve(undefined);
        });
        socket.on("error", (error: NodeJS.ErrnoException) =>
          error.code?.startsWith("ERR_TLS") ? resolve(error) : reject(error),
        );
      });
    for (const name of [
      "kafka",
      "kafka-2.kafka-nodes.logging.svc",
      "elasticsearch.logging.svc",
      "elasticsearch-0.elasticsearch-nodes.logging.svc",
    ]) {
      assert.equal(await handshake(name), undefined, name);
    }
    assert.ok(await handshake("kibana.logging.svc"), "another name was accepted");
    await new Promise((resolve) => listener.close(resolve));
  });

  it("are not changed if another attempt was faster", async () => {
    writeStatus = 409;
    assert.equal((await run()).code, 0);
  });

  it("are created if the API server learns of the account's rights only after some requests", async () => {
    refusals = 3;
    const { code, stderr } = await run();
    assert.equal(code, 0, stderr);
    assert.equal(server.requests.length, 5);
    assert.equal(stored?.metadata.name, "logging-tls");
  });

  it("give up without rights, and retry if the API server has problems", async () => {
    readStatus = 403;
    const refused = await run();
    assert.equal(refused.code, 2);
    assert.match(
      refused.stderr,
      /may not read namespaces\/logging\/secrets\/logging-tls \(403 for 1 s\)/,
    );
    readStatus = 500;
    assert.equal((await run()).code, 1);
    readStatus = undefined;
    writeStatus = 500;
    const failed = await run();
    assert.equal(failed.code, 1);
    assert.match(failed.stderr, /POST namespaces\/logging\/secrets answered 500/);
  });
});

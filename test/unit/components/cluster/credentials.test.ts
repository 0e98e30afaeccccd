import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ClusterReader, NoAnswer } from "../../../../cluster/reader";
import { ProgramError } from "../../../../config";
import { ApiError, Client } from "../../../../local/plugins/resource-kubernetes/client";
import { certificateFiles } from "../../../support/certificates";

/** A login plugin that issues token-1, token-2 and so on. Its file contains how often it ran, or `broken`. */
const plugin = `read -r runs < "$1"
case "$runs" in *[!0-9]*) echo "the plugin is broken" >&2; exit 1 ;; esac
runs=$((runs + 1))
printf %s "$runs" > "$1"
echo "{\\"status\\":{\\"token\\":\\"token-$runs\\"}}"
`;

/** What requests at least one object of each client; the server knows no other path. */
const path = "/x";
const clients: Record<string, (kubeconfig: string) => { get(): Promise<unknown>; close(): void }> =
  {
    "the program": (kubeconfig) => {
      const reader = new ClusterReader({ kubeconfig, context: "here" });
      return { get: () => reader.get(path), close: () => reader.close() };
    },
    "the provider": (kubeconfig) => {
      const client = new Client({ kubeconfig, context: "here" });
      return { get: () => client.send({ method: "GET", path }), close: () => {} };
    },
  };

for (const [name, open] of Object.entries(clients)) {
  describe(`the credentials of ${name}`, () => {
    let folder: string;
    let kubeconfig: string;
    let runs: string;
    let server: http.Server | https.Server;
    let accepts: (request: http.IncomingMessage) => boolean;
    /** Status of each response. */
    let statuses: number[];

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "credentials-"));
      kubeconfig = join(folder, "kubeconfig");
      runs = join(folder, "runs");
      writeFileSync(runs, "0");
      statuses = [];
    });
    afterEach(async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      rmSync(folder, { recursive: true });
    });

    async function start(made: http.Server | https.Server, cluster: object, user: object) {
      server = made;
      server.on("request", (request: http.IncomingMessage, response: http.ServerResponse) => {
        const status = accepts(request) ? 200 : 401;
        statuses.push(status);
        response.writeHead(status);
        response.end(JSON.stringify(status === 200 ? {} : { message: "Unauthorized" }));
      });
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      const { port } = server.address() as AddressInfo;
      const scheme = server instanceof https.Server ? "https" : "http";
      const document = {
        clusters: [{ name: "c", cluster: { server: `${scheme}://127.0.0.1:${port}`, ...cluster } }],
        users: [{ name: "u", user }],
        contexts: [{ name: "here", context: { cluster: "c", user: "u" } }],
      };
      writeFileSync(kubeconfig, JSON.stringify(document));
      return open(kubeconfig);
    }

    const withPlugin = () => {
      const exec = {
        apiVersion: "client.authentication.k8s.io/v1",
        command: "sh",
        args: ["-c", plugin, "plugin", runs],
        interactiveMode: "Never",
      };
      // The client library allows plain HTTP only with this setting.
      return start(http.createServer(), { "insecure-skip-tls-verify": true }, { exec });
    };
    const accepting = (token: string) => {
      accepts = ({ headers }) => headers.authorization === `Bearer ${token}`;
    };

    it("are obtained again, once, when the server no longer accepts them", async () => {
      const client = await withPlugin();
      accepting("token-1");
      await client.get();
      accepting("token-2");
      await Promise.all([client.get(), client.get(), client.get()]);
      await client.get();
      assert.equal(readFileSync(runs, "utf8"), "2");
      assert.deepEqual(statuses.sort(), [200, 200, 200, 200, 200, 401, 401, 401]);
      client.close();
    });

    it("are refused with the server's reason when new ones are not accepted either", async () => {
      const client = await withPlugin();
      accepting("none");
      await assert.rejects(client.get(), (error) => {
        assert.ok(error instanceof ProgramError || error instanceof ApiError);
        assert.ok(!(error instanceof NoAnswer));
        assert.match(error.message, /Unauthorized/);
        return true;
      });
      assert.deepEqual(statuses, [401, 401]);
      client.close();
    });

    it("are obtained by the next request when the login plugin failed", async () => {
      const client = await withPlugin();
      accepting("token-1");
      writeFileSync(runs, "broken");
      await assert.rejects(client.get(), /the plugin is broken/);
      writeFileSync(runs, "0");
      await client.get();
      assert.deepEqual(statuses, [200]);
      client.close();
    });

    it("are presented on every connection, because a server may not find them in a ticket", async () => {
      const files = await certificateFiles();
      const [cert, key] = [files["tls.crt"], files["tls.key"]];
      const data = (text = "") => Buffer.from(text).toString("base64");
      const made = https.createServer({ cert, key, requestCert: true, rejectUnauthorized: false });
      // Each response ends its connection.
      made.maxRequestsPerSocket = 1;
      const client = await start(
        made,
        { "certificate-authority-data": data(files["ca.crt"]), "tls-server-name": "localhost" },
        { "client-certificate-data": data(cert), "client-key-data": data(key) },
      );
      accepts = ({ socket }) => {
        const { subject } = (socket as TLSSocket).getPeerCertificate();
        return !(socket as TLSSocket).isSessionReused() && subject !== undefined;
      };
      for (let request = 0; request < 4; request += 1) await client.get();
      assert.deepEqual(statuses, [200, 200, 200, 200]);
      client.close();
    });
  });
}

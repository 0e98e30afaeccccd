import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { RequestOptions } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  accessOf,
  authentication,
  parseKubeconfig,
  readKubeconfig,
  wholeKubeConfig,
} from "../../../../cluster/kubeconfig";

const server = "https://127.0.0.1:6443";
const data = (text: string) => Buffer.from(text).toString("base64");

/** Returns a kubeconfig with one context, as text. */
function text(cluster: object, user: object): string {
  return JSON.stringify({
    clusters: [{ name: "c", cluster: { server, ...cluster } }],
    users: [{ name: "u", user }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u", namespace: "ours" } }],
    "current-context": "x",
  });
}

describe("a kubeconfig", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "kubeconfig-"));
    for (const file of ["ca.crt", "client.crt", "client.key"]) {
      writeFileSync(join(folder, file), `content of ${file}`);
    }
  });
  after(() => rmSync(folder, { recursive: true }));

  /** Returns the client library's options for the same file. */
  async function byLibrary(file: string): Promise<RequestOptions> {
    const config = wholeKubeConfig();
    config.loadFromFile(file);
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    delete options.agent;
    return options;
  }

  const certificates = {
    "client-certificate-data": data("certificate"),
    "client-key-data": data("key"),
  };
  const files = { "client-certificate": "client.crt", "client-key": "client.key" };
  const cases: Record<string, [cluster: object, user: object]> = {
    "a client certificate": [{ "certificate-authority-data": data("ca") }, certificates],
    "files next to it": [{ "certificate-authority": "ca.crt" }, files],
    "a token, of a server whose certificate nobody checks": [
      { "insecure-skip-tls-verify": true },
      { token: "secret" },
    ],
    "a password, of a server of another name": [
      { "tls-server-name": "kubernetes" },
      { username: "me", password: "secret" },
    ],
    "somebody else's rights": [{}, { token: "secret", as: "somebody" }],
    "a program that logs in": [
      {},
      {
        exec: {
          apiVersion: "client.authentication.k8s.io/v1",
          command: "echo",
          args: [JSON.stringify({ status: { token: "told" } })],
          interactiveMode: "Never",
        },
      },
    ],
  };
  for (const [what, [cluster, user]] of Object.entries(cases)) {
    it(`authenticates with ${what}, like the client library`, async () => {
      const file = join(folder, "kubeconfig");
      writeFileSync(file, text(cluster, user));
      const options = await authentication(readKubeconfig(file));
      assert.deepEqual(given(options), given(await byLibrary(file)));
      assert.ok(Object.keys(given(options)).length > 0, "something lets in");
    });
  }

  it("points to the cluster of its current context, and to no other", () => {
    const config = parseKubeconfig(text({}, {}));
    assert.equal(accessOf(config).cluster?.server, server);
    assert.equal(accessOf(config).namespace, "ours");
    assert.deepEqual(accessOf({ ...config, currentContext: "gone" }), {
      cluster: undefined,
      user: undefined,
      namespace: undefined,
    });
  });
});

/** Returns the options that are set; an empty list of headers counts as unset. */
function given(options: RequestOptions): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).filter(
      ([key, value]) =>
        value !== undefined && !(key === "headers" && Object.keys(value as object).length === 0),
    ),
  );
}

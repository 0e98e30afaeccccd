import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkout } from "../../../../local/toolchain/paths";
import { images } from "../../../../versions/images";
import { runHere } from "../../../support/commands";

const manifest = '{"schemaVersion":2}';
const digest = `sha256:${createHash("sha256").update(manifest).digest("hex")}`;

/**
 * A stub of a registry that is strict about tokens and media types: it accepts a token only for its repository, and
 * returns the list of platforms only for its media type.
 */
function registry(): Server {
  return createServer((request, response) => {
    const { port } = server.address() as AddressInfo;
    const url = new URL(request.url ?? "/", `http://127.0.0.1:${port}`);
    if (url.pathname === "/token") {
      const scope = url.searchParams.get("scope") ?? "";
      const known = url.searchParams.get("service") === "stub";
      response.writeHead(known ? 200 : 400, { "content-type": "application/json" });
      return void response.end(JSON.stringify({ token: `may ${scope}` }));
    }
    const [, repository = "", tag = ""] =
      /^\/v2\/(.+)\/manifests\/([^/]+)$/.exec(url.pathname) ?? [];
    const scope = `repository:${repository}:pull`;
    if (request.headers.authorization !== `Bearer may ${scope}`) {
      const challenge = `Bearer realm="http://127.0.0.1:${port}/token",service="stub",scope="${scope}"`;
      return void response.writeHead(401, { "www-authenticate": challenge }).end();
    }
    const listed = request.headers.accept?.includes("application/vnd.oci.image.index.v1+json");
    if (!listed || tag === images.etcd.tag) return void response.writeHead(404).end();
    // Like some real ones, it returns no digest for Traefik.
    const named = repository.includes("traefik") ? {} : { "docker-content-digest": digest };
    response.writeHead(200, named).end(request.method === "HEAD" ? undefined : manifest);
  });
}

let server: Server;

describe("npx platform versions pin", () => {
  const folder = mkdtempSync(join(tmpdir(), "pin-"));
  const table = join(folder, "images.ts");
  before(async () => {
    server = registry().listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  beforeEach(() => copyFileSync(join(checkout, "versions", "images.ts"), table));
  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  const rowOf = (name: string) =>
    new RegExp(`  ${name}: \\{[^}]*\\}`).exec(readFileSync(table, "utf8"))?.[0] ?? "";

  async function pin(...args: string[]): Promise<{ code: number | null; output: string }> {
    const { port } = server.address() as AddressInfo;
    const from = ["docker.io", "quay.io"].flatMap((it) => [
      "--from",
      `${it}=http://127.0.0.1:${port}`,
    ]);
    const made = await runHere("versions", "pin", ...args, ...from, "--table", table);
    return { code: made.code, output: made.stdout + made.stderr };
  }

  it("writes the digests that registries return, or else that of the manifest itself", async () => {
    const { code, output } = await pin("nginx", "traefik");
    assert.equal(code, 0, output);
    assert.ok(rowOf("nginx").includes(`digest: "${digest}"`), rowOf("nginx"));
    assert.ok(rowOf("traefik").includes(`digest: "${digest}"`), rowOf("traefik"));
    assert.ok(!rowOf("nexus").includes("digest"));
  });

  it("keeps the digest of a tag that was moved, until somebody accepts the new one", async () => {
    const { code, output } = await pin("kafka");
    assert.equal(code, 1, output);
    assert.match(output, /kafka: expected sha256:77e3\S+ for tag 4\.3\.1, got sha256:/);
    assert.ok(rowOf("kafka").includes(images.kafka.digest));
    assert.equal((await pin("kafka", "--accept")).code, 0);
    assert.ok(rowOf("kafka").includes(digest));
  });

  it("replaces the digest of a tag that somebody changed in the table", async () => {
    writeFileSync(table, readFileSync(table, "utf8").replace('tag: "4.3.1"', 'tag: "4.3.2"'));
    const { code, output } = await pin("kafka");
    assert.equal(code, 0, output);
    assert.match(rowOf("kafka"), /tag: "4\.3\.2"/);
    assert.ok(rowOf("kafka").includes(digest), rowOf("kafka"));
  });

  it("writes what it found if another registry has no such tag", async () => {
    const { code, output } = await pin("etcd", "nginx");
    assert.equal(code, 1, output);
    assert.match(output, /etcd: \S+: expected the manifest of tag v3\.7\.3, got status 404/);
    assert.ok(rowOf("nginx").includes(digest));
  });

  it("names the images that the table does not have", async () => {
    const { code, output } = await pin("apache");
    assert.equal(code, 1);
    assert.match(output, /expected names in the table of images .*, got apache/);
  });
});

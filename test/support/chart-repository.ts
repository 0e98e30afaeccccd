import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttp, type RequestListener, type Server } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { binary } from "../../local/toolchain/install";

/** A chart repository over HTTPS, and the same package in a registry. */
export interface ChartRepository {
  /** `https://127.0.0.1:…`. */
  https: string;
  /** `oci://127.0.0.1:…/charts`. */
  oci: string;
  digest: string;
  /** File with which Helm trusts the repository: SSL_CERT_FILE. */
  certificate: string;
  /** Requests by path. */
  requests: string[];
  close(): void;
}

/** Packages a chart with the real Helm and serves it, from a static repository and a static registry. */
export async function serveChart(chart: string): Promise<ChartRepository> {
  const folder = mkdtempSync(join(tmpdir(), "repository-"));
  const files = join(folder, "files");
  mkdirSync(files);
  execFileSync(binary("helm"), ["package", chart, "--destination", files], { stdio: "pipe" });
  execFileSync(binary("helm"), ["repo", "index", files], { stdio: "pipe" });
  const name = readdirSync(files).find((file) => file.endsWith(".tgz")) ?? "";
  const content = readFileSync(join(files, name));
  const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
  execFileSync(
    "openssl",
    [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
      ...["-keyout", key, "-out", certificate, "-days", "1", "-subj", "/CN=127.0.0.1"],
      ...["-addext", "subjectAltName=IP:127.0.0.1"],
    ],
    { stdio: "pipe" },
  );
  const requests: string[] = [];
  const static_: RequestListener = (request, response) => {
    const path = (request.url ?? "").slice(1);
    requests.push(path);
    const known = readdirSync(files).includes(path);
    response.writeHead(known ? 200 : 404).end(known ? readFileSync(join(files, path)) : "");
  };
  const tls = { key: readFileSync(key), cert: readFileSync(certificate) };
  const servers = [createServer(tls, static_), createHttp(registry(content, requests))];
  const [https, oci] = await Promise.all(servers.map(listen));
  return {
    https: `https://127.0.0.1:${https}`,
    oci: `oci://127.0.0.1:${oci}/charts`,
    digest: digestOf(content),
    certificate,
    requests,
    close() {
      for (const server of servers) server.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** A stub of a registry, with the requests of a chart's pull only. */
function registry(content: Buffer, requests: string[]): RequestListener {
  const config = Buffer.from('{"name":"notes","version":"0.3.0","apiVersion":"v2"}');
  const described = (mediaType: string, blob: Buffer) => ({
    mediaType,
    digest: digestOf(blob),
    size: blob.length,
  });
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestType,
      config: described("application/vnd.cncf.helm.config.v1+json", config),
      layers: [described("application/vnd.cncf.helm.chart.content.v1.tar+gzip", content)],
    }),
  );
  const blobs = new Map([config, content, manifest].map((blob) => [digestOf(blob), blob]));
  return (request, response) => {
    const path = request.url ?? "";
    requests.push(path);
    const [, kind, reference = ""] =
      /^\/v2\/charts\/notes\/(manifests|blobs)\/(.+)$/.exec(path) ?? [];
    const blob = reference === "0.3.0" ? manifest : blobs.get(reference);
    if (path === "/v2/") return void response.writeHead(200).end("{}");
    if (kind === undefined || blob === undefined) return void response.writeHead(404).end("{}");
    response.writeHead(200, {
      "content-type": kind === "manifests" ? manifestType : "application/octet-stream",
      "content-length": blob.length,
      "docker-content-digest": digestOf(blob),
    });
    response.end(request.method === "HEAD" ? "" : blob);
  };
}

const manifestType = "application/vnd.oci.image.manifest.v1+json";

function digestOf(content: Buffer): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

async function listen(server: Pick<Server, "listen" | "once" | "address">): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** Writes the files of a chart. */
export function writeChart(folder: string, templates: Record<string, string>): void {
  mkdirSync(join(folder, "templates"), { recursive: true });
  writeFileSync(join(folder, "Chart.yaml"), "apiVersion: v2\nname: made\nversion: 1.0.0\n");
  for (const [name, text] of Object.entries(templates)) {
    writeFileSync(join(folder, "templates", name), text);
  }
}

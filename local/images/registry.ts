import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { blobFile } from "./store";

/** Available images: digests of manifests by reference, and by the prefix of a reference. */
export interface ImageIndex {
  /** `registry/repository:tag` → digest. */
  exact: Record<string, string>;
  /** `registry/repository` of an app → digest, whatever the tag. */
  apps: Record<string, string>;
}

/** Returns the digest of a reference's manifest; undefined if the image is not available. */
export function resolveImage(index: ImageIndex, name: string, tag: string): string | undefined {
  return index.exact[`${name}:${tag}`] ?? index.apps[name];
}

/**
 * Serves images to the nodes in place of every registry, whose name a node passes as `ns`. It is read-only and needs no
 * login.
 */
export function serveImages(index: () => ImageIndex): Server {
  return createServer((request, response) => {
    try {
      answer(request, response, index());
    } catch (error) {
      console.error(request.url, error);
      response.writeHead(500).end();
    }
  });
}

function answer(request: IncomingMessage, response: ServerResponse, index: ImageIndex): void {
  const url = new URL(request.url ?? "/", "http://registry");
  if (url.pathname === "/v2/") return void response.writeHead(200).end("{}");
  const [, repository = "", kind, reference = ""] =
    /^\/v2\/(.+)\/(manifests|blobs)\/([^/]+)$/.exec(url.pathname) ?? [];
  const name = `${url.searchParams.get("ns") ?? "docker.io"}/${repository}`;
  const byDigest = /^sha256:[0-9a-f]{64}$/.test(reference);
  const digest = byDigest ? reference : resolveImage(index, name, reference);
  if (kind === undefined || digest === undefined || !existsSync(blobFile(digest))) {
    return void response.writeHead(404, { "content-type": "application/json" }).end("{}");
  }
  const file = blobFile(digest);
  response.writeHead(200, {
    "content-type":
      kind === "manifests"
        ? "application/vnd.oci.image.manifest.v1+json"
        : "application/octet-stream",
    "content-length": statSync(file).size,
    "docker-content-digest": digest,
  });
  if (request.method === "HEAD") return void response.end();
  if (kind === "manifests") return void response.end(readFileSync(file));
  createReadStream(file)
    .on("error", (error) => response.destroy(error))
    .pipe(response);
}

import { createHash } from "node:crypto";
import { requestReasonOf } from "../../config/reason";
import type { Image } from "../../versions/images";

/** Timeout for one response, milliseconds. */
const timeout = 30_000;

/**
 * A list of all platforms is preferred to the manifest of one platform, because nodes can have any platform.
 */
const manifestTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

/** Addresses to use instead of a registry's own, by its name, for example a mirror. */
export type Addresses = Readonly<Record<string, string>>;

/**
 * Returns the digest of an image's tag from its registry, without an account.
 * @throws Error if the registry does not answer, or has no such tag.
 */
export async function digestOf(image: Image, addresses: Addresses = {}): Promise<string> {
  const { registry, repository, tag } = image;
  const address = addresses[registry] ?? `https://${hostOf(registry)}`;
  const url = `${address}/v2/${repository}/manifests/${tag}`;
  const headers: Record<string, string> = { accept: manifestTypes.join(", ") };
  let response = await ask(url, "HEAD", headers);
  if (response.status === 401) {
    headers["authorization"] = `Bearer ${await tokenFor(response, url)}`;
    response = await ask(url, "HEAD", headers);
  }
  const named = response.ok ? response.headers.get("docker-content-digest") : undefined;
  if (named !== undefined && named !== null) return checkDigest(named, url);
  // Some registries name the digest for a GET only, or not at all.
  if (response.ok || response.status === 405) response = await ask(url, "GET", headers);
  if (!response.ok) {
    throw new Error(`${url}: expected the manifest of tag ${tag}, got status ${response.status}`);
  }
  const body = Buffer.from(await response.arrayBuffer());
  return `sha256:${createHash("sha256").update(body).digest("hex")}`;
}

/** Docker Hub's registry has a different host name from its images. */
function hostOf(registry: string): string {
  return registry === "docker.io" ? "registry-1.docker.io" : registry;
}

async function ask(
  url: string,
  method: "HEAD" | "GET",
  headers: Record<string, string>,
): Promise<Response> {
  try {
    return await fetch(url, { method, headers, signal: AbortSignal.timeout(timeout) });
  } catch (error) {
    throw new Error(`${url}: the registry does not answer: ${requestReasonOf(error)}`, {
      cause: error,
    });
  }
}

/** Returns a token for reading, from the server that the registry's response names. */
async function tokenFor(response: Response, url: string): Promise<string> {
  const challenge = response.headers.get("www-authenticate") ?? "";
  const fields = Object.fromEntries(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [key, value]),
  );
  const { realm, ...query } = fields;
  if (!/^bearer /i.test(challenge) || realm === undefined) {
    throw new Error(`${url}: expected a registry that can be read without an account, got 401`);
  }
  const answer = await ask(`${realm}?${new URLSearchParams(query)}`, "GET", {});
  const body: unknown = answer.ok ? await answer.json() : {};
  const { token, access_token: access } = body as { token?: unknown; access_token?: unknown };
  const found = token ?? access;
  if (typeof found === "string") return found;
  throw new Error(`${realm}: expected a token to read with, got status ${answer.status}`);
}

function checkDigest(digest: string, url: string): string {
  if (/^sha256:[0-9a-f]{64}$/.test(digest)) return digest;
  throw new Error(`${url}: expected a digest "sha256:" and 64 hexadecimal digits, got "${digest}"`);
}

import { createHash, createHmac } from "node:crypto";

/** Credentials of a request to an S3 server. */
export interface Keys {
  accessKey: string;
  secretKey: string;
}

/** A request to an S3 server. */
export interface S3Request {
  url: URL;
  method?: string;
  body?: string;
  region: string;
  keys: Keys;
}

/** Sends a request with AWS Signature Version 4, including the body. */
export async function signedFetch(request: S3Request): Promise<Response> {
  const { url, method = "GET", body } = request;
  return fetch(url, { method, body, headers: signature(request, new Date()) });
}

function signature(
  { url, method = "GET", body = "", region, keys }: S3Request,
  now: Date,
): Record<string, string> {
  const time = now.toISOString().replace(/[-:]|\.\d+/g, "");
  const headers: Record<string, string> = {
    "content-md5": createHash("md5").update(body).digest("base64"),
    host: url.host,
    "x-amz-content-sha256": sha256(body),
    "x-amz-date": time,
  };
  const names = Object.keys(headers).join(";");
  const canonical = [
    method,
    url.pathname,
    sortedQuery(url),
    ...Object.entries(headers).map(([name, value]) => `${name}:${value}`),
    "",
    names,
    sha256(body),
  ].join("\n");
  const scope = [time.slice(0, 8), region, "s3", "aws4_request"];
  const text = ["AWS4-HMAC-SHA256", time, scope.join("/"), sha256(canonical)].join("\n");
  const key = scope.reduce<Buffer>(
    (former, part) => hmac(former, part),
    Buffer.from(`AWS4${keys.secretKey}`),
  );
  const credential = `Credential=${keys.accessKey}/${scope.join("/")}`;
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names}, Signature=${hmac(key, text).toString("hex")}`,
  };
}

function sortedQuery(url: URL): string {
  return [...url.searchParams]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join("&");
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

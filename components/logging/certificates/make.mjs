// Creates the Secret with the certificates of the log pipeline if it does not exist, and copies the certificate of its
// authority into a namespace whose pods need it. The authority's private key is never stored: a renewal creates a new
// authority, see docs/logging.md.
import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { PermanentError, reportChange, run, settings } from "../../shared/bootstrap/api.mjs";
import { authority, keyText, signed } from "./x509.mjs";

await run(async () => {
  const { namespace, name, labels, names, days, given, publish } = settings();
  const secrets = `namespaces/${namespace}/secrets`;
  let data = (await read(`${secrets}/${name}`))?.data;
  if (data === undefined) {
    if (given) throw new Error(`expected a Secret ${name} in ${namespace}, got none: create it`);
    data = contents(names, days);
    const made = { apiVersion: "v1", kind: "Secret", metadata: { name, namespace, labels }, data };
    // 409: another pod of this Job was faster.
    const status = await write("POST", secrets, { ...made, type: "Opaque" }, [409]);
    if (status !== 409) reportChange(`Secret ${name} created`);
    else if (publish === undefined) return;
    else
      throw new Error(
        `Secret ${name} was created in the meantime: the next run copies its authority`,
      );
  }
  if (publish !== undefined) await copyAuthority(data["ca.crt"], publish, labels);
});

/** Copies the authority's certificate. It is public, so it may be in a ConfigMap. */
async function copyAuthority(encoded, { namespace, name }, labels) {
  if (encoded === undefined)
    throw new PermanentError("The Secret with the certificates has no ca.crt.");
  const data = { "ca.crt": Buffer.from(encoded, "base64").toString("utf8") };
  const maps = `namespaces/${namespace}/configmaps`;
  const present = await read(`${maps}/${name}`);
  if (present?.data?.["ca.crt"] === data["ca.crt"]) return;
  const map = { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace, labels }, data };
  if (present === undefined) await write("POST", maps, map);
  else await write("PUT", `${maps}/${name}`, map);
  reportChange(
    `ConfigMap ${name} in ${namespace} ${present === undefined ? "created" : "changed"}`,
  );
}

/** Returns an object, or undefined if it does not exist. */
async function read(path) {
  const response = await getWhenPermitted(path);
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`GET ${path} answered ${response.status}`);
  return response.json();
}

/** API servers apply new RBAC rules with a short delay, so only a refusal that persists is an error. */
async function getWhenPermitted(path) {
  const { seconds, pause } = settings().wait ?? { seconds: 30, pause: 1 };
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const response = await call("GET", path);
    const { status } = response;
    if (status !== 401 && status !== 403) return response;
    await response.body?.cancel();
    if (Date.now() > end) {
      throw new PermanentError(
        `The service account may not read ${path} (${status} for ${seconds} s).`,
      );
    }
    await sleep(pause * 1000);
  }
}

async function write(method, path, body, allowed = []) {
  const response = await call(method, path, body);
  if (!response.ok && !allowed.includes(response.status)) {
    const text = (await response.text()).slice(0, 500);
    throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  }
  return response.status;
}

function call(method, path, body) {
  const { api, tokenFile } = settings();
  return globalThis.fetch(`${api}/api/v1/${path}`, {
    method,
    headers: {
      // Read for every request, because the kubelet renews the token.
      authorization: `Bearer ${readFileSync(tokenFile, "utf8").trim()}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
}

function contents(names, days) {
  const ca = authority("logging authority", days);
  const server = signed(ca, "logging", names, days);
  const texts = {
    "ca.crt": ca.certificate,
    "tls.crt": server.certificate,
    "tls.key": keyText(server),
  };
  return Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString("base64")]),
  );
}

// Makes the Secret with the certificates of the log pipeline, unless it is there already. The
// authority's own key is never stored: a renewal is a new authority, see docs/logging.md.
import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { Hopeless, changed, run, settings } from "../../shared/bootstrap/api.mjs";
import { authority, keyText, signed } from "./x509.mjs";

await run(async () => {
  const { api, tokenFile, namespace, name, labels, names, days } = settings();
  const path = `${api}/api/v1/namespaces/${namespace}/secrets`;
  // Read at every run: the kubelet renews the token.
  const headers = { authorization: `Bearer ${readFileSync(tokenFile, "utf8").trim()}` };

  const present = await globalThis.fetch(`${path}/${name}`, { headers });
  if (present.ok) return;
  if (present.status === 401 || present.status === 403) {
    throw new Hopeless(`The service account may not read the Secret ${name} (${present.status}).`);
  }
  if (present.status !== 404) throw new Error(`GET ${name} answered ${present.status}`);

  const made = await globalThis.fetch(path, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name, namespace, labels },
      type: "Opaque",
      data: contents(names, days),
    }),
  });
  // 409: another try of this Job was faster.
  if (!made.ok && made.status !== 409) {
    throw new Error(`POST ${name} answered ${made.status}: ${(await made.text()).slice(0, 500)}`);
  }
  changed(`Secret ${name} made`);
});

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

import { Buffer } from "node:buffer";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { parse, stringify } from "yaml";
import { Api } from "./api.mjs";

/** What kubeadm writes before it starts the kubelet. */
export const config = "/var/lib/kubelet/config.yaml";
const kubeconfig = "/etc/kubernetes/kubelet.conf";
const bootstrap = "/etc/kubernetes/bootstrap-kubelet.conf";
const folder = "/var/lib/kubelet/pki";
const certificate = `${folder}/kubelet-client-current.pem`;

/** Gets a certificate with the token of a bundle, unless the machine has a kubeconfig of the node already. */
export async function ensureIdentity() {
  if (existsSync(kubeconfig)) {
    keepCertificate();
    return;
  }
  if (!existsSync(bootstrap)) return;
  const given = parse(readFileSync(bootstrap, "utf8"));
  const key = `${folder}/key.pem`;
  mkdirSync(folder, { recursive: true });
  const subject = `/O=system:nodes/CN=system:node:${hostname()}`;
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
  const request = execFileSync(
    "openssl",
    ["req", "-new", "-nodes", ...curve, "-keyout", key, "-subj", subject],
    { stdio: ["ignore", "pipe", "ignore"] },
  );
  const signed = await sign(new Api(given), request.toString("base64"));
  writeFileSync(certificate, signed + readFileSync(key, "utf8"), { mode: 0o600 });
  const [context] = given.contexts;
  const user = { "client-certificate": certificate, "client-key": certificate };
  const users = [{ name: context.context.user, user }];
  writeFileSync(kubeconfig, stringify({ ...given, users }), { mode: 0o600 });
}

/** The first machine's certificate comes from kubeadm, in its kubeconfig; kubeadm then points it to this file. */
function keepCertificate() {
  if (existsSync(certificate)) return;
  const [{ user }] = parse(readFileSync(kubeconfig, "utf8")).users;
  if (user["client-certificate-data"] === undefined) return;
  mkdirSync(folder, { recursive: true });
  const texts = [user["client-certificate-data"], user["client-key-data"]];
  const text = texts.map((it) => Buffer.from(it, "base64").toString()).join("");
  writeFileSync(certificate, text, { mode: 0o600 });
}

/** The controller manager approves and signs requests of bootstrap tokens for nodes. */
async function sign(api, request) {
  const path = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
  const { metadata } = await api.call("POST", path, {
    apiVersion: "certificates.k8s.io/v1",
    kind: "CertificateSigningRequest",
    metadata: { generateName: "node-csr-" },
    spec: {
      request,
      signerName: "kubernetes.io/kube-apiserver-client-kubelet",
      usages: ["digital signature", "client auth"],
    },
  });
  for (let tries = 0; tries < 120; tries++) {
    const { status } = await api.call("GET", `${path}/${metadata.name}`);
    if (status?.certificate !== undefined) {
      return Buffer.from(status.certificate, "base64").toString();
    }
    await sleep(500);
  }
  throw new Error(`${metadata.name} was not signed within 60 s`);
}

/** Requests as the machine's node; undefined without a certificate. */
export function nodeApi() {
  if (!existsSync(kubeconfig)) return undefined;
  return new Api(parse(readFileSync(kubeconfig, "utf8")));
}

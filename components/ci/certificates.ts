import type * as k8s from "@pulumi/kubernetes";
import { scratch, type PartContainer, type PodVolume } from "../shared/pod-template";

type Mount = k8s.types.input.core.v1.VolumeMount;
type Variable = k8s.types.input.core.v1.EnvVar;

const company = "/company";
const merged = "/certificates";

/** Folder of the company's CA certificates in pods of Go programs. */
const folder = "/run/certificates";

/**
 * Returns what a Go program needs to trust the company's CAs: it reads this folder in addition to the image's bundle.
 */
export function goTrust(caBundle: string | undefined): {
  env: Variable[];
  volumeMounts: Mount[];
  volumes: PodVolume[];
} {
  if (caBundle === undefined) return { env: [], volumeMounts: [], volumes: [] };
  return {
    env: [{ name: "SSL_CERT_DIR", value: folder }],
    volumeMounts: [{ name: "certificates", mountPath: folder, readOnly: true }],
    volumes: [{ name: "certificates", secret: { secretName: caBundle } }],
  };
}

/**
 * Java and git each read a single file, so both files contain the public and the company's CAs. A Java key store
 * imports one certificate at a time.
 */
const script = `
set -eu
cat /etc/ssl/certs/ca-certificates.crt ${company}/ca.crt > ${merged}/ca.crt
cp "$JAVA_HOME/lib/security/cacerts" ${merged}/cacerts
chmod u+w ${merged}/cacerts
awk '/BEGIN CERTIFICATE/ { n += 1 } n { print > ("${merged}/company-" n ".pem") }' ${company}/ca.crt
for file in ${merged}/company-*.pem; do
  keytool -importcert -noprompt -trustcacerts -keystore ${merged}/cacerts -storepass changeit \\
    -alias "$(basename "$file" .pem)" -file "$file"
done
`.trim();

/** Returns what Jenkins and its plugin installer need to trust the company's CAs. */
export function javaTrust(caBundle: string | undefined): {
  initContainers: PartContainer[];
  /** JVM options. */
  options: string[];
  env: Variable[];
  volumeMounts: Mount[];
  volumes: PodVolume[];
} {
  if (caBundle === undefined) {
    return { initContainers: [], options: [], env: [], volumeMounts: [], volumes: [] };
  }
  return {
    initContainers: [
      {
        name: "certificates",
        image: "jenkins",
        command: ["bash", "-c", script],
        resources: {
          requests: { cpu: "50m", memory: "128Mi" },
          limits: { cpu: "1", memory: "256Mi" },
        },
        volumeMounts: [
          { name: "company", mountPath: company, readOnly: true },
          { name: "certificates", mountPath: merged },
          { name: "tmp", mountPath: "/tmp" },
        ],
      },
    ],
    options: [`-Djavax.net.ssl.trustStore=${merged}/cacerts`],
    env: [{ name: "GIT_SSL_CAINFO", value: `${merged}/ca.crt` }],
    volumeMounts: [{ name: "certificates", mountPath: merged, readOnly: true }],
    volumes: [
      { name: "company", secret: { secretName: caBundle } },
      scratch("certificates", "16Mi"),
    ],
  };
}

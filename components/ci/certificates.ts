import type * as k8s from "@pulumi/kubernetes";
import { scratch, type PartContainer, type PodVolume } from "../shared/pod-template";

type Mount = k8s.types.input.core.v1.VolumeMount;
type Variable = k8s.types.input.core.v1.EnvVar;

const company = "/company";
const merged = "/certificates";

/** Folder of the company's certificates in the pods of programs that are written in Go. */
const folder = "/run/certificates";

/** What a program in Go needs to trust the company's authorities: it reads this folder besides the image's bundle. */
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
 * Java and git each take one file in the place of their own, so both are written with the public
 * authorities and the company's. A Java key store takes one certificate at a time.
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

/** What Jenkins and the installer of its plugins need to trust the company's authorities. */
export function javaTrust(caBundle: string | undefined): {
  initContainers: PartContainer[];
  /** Options of the Java machine. */
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

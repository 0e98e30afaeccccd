import * as tls from "node:tls";
import { findings, listNames, type Check, type Node } from "../look";

/** Timeout for a connection to a kubelet, milliseconds. */
const timeoutMs = 3000;
/** Maximum number of kubelets that are tested, because nodes are set up in the same way. */
const maxKubelets = 20;

interface Request {
  metadata: { name: string };
  spec: { signerName: string };
  status?: { certificate?: string };
}

/** Checks whether metrics-server can verify the kubelets' server certificates. */
export const kubeletCertificates: Check = async ({ api, config, nodes }) => {
  const { ok, missing, unknown } = findings("kubelet certificates");
  const { metricsServer } = config.components.autoscaling ?? {};
  if (metricsServer === undefined) return [ok("the stack declares no metrics-server")];
  if (metricsServer.kubeletInsecureTls) return [ok("metrics-server does not verify them")];
  const path = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
  const requests = (await api.list<Request>(path)).filter(
    ({ spec }) => spec.signerName === "kubernetes.io/kubelet-serving",
  );
  const waiting = requests.filter(({ status }) => status?.certificate === undefined);
  const tried = await Promise.all(
    nodes.slice(0, maxKubelets).map(async (node) => ({
      name: node.metadata.name,
      verdict: await verdictOn(node, api.authority),
    })),
  );
  const unverified = tried.filter(({ verdict }) => verdict === "unverified");
  const next =
    "set serverTLSBootstrap in the kubelets' configuration and approve their requests, or set platform:components.autoscaling.metricsServer.kubeletInsecureTls";
  const found = [
    ...(waiting.length > 0
      ? [
          missing(
            `certificate requests of kubelets are pending: ${listNames(waiting.map(({ metadata }) => metadata.name))}`,
            "kubectl certificate approve, or install an approver",
          ),
        ]
      : []),
    ...(unverified.length > 0
      ? [
          missing(
            `the cluster's authority did not sign those of ${listNames(unverified.map(({ name }) => name))}`,
            next,
          ),
        ]
      : []),
  ];
  if (found.length > 0) return found;
  return tried.some(({ verdict }) => verdict === "verified")
    ? [ok("the cluster's authority signed them")]
    : [
        unknown(
          "no kubelet can be reached from here",
          `run it from a node; if the certificates are not signed, ${next}`,
        ),
      ];
};

type Verdict = "verified" | "unverified" | "unreachable";

/** Connects as metrics-server does, to the address and the port in the node's status. */
function verdictOn(node: Node, ca: tls.ConnectionOptions["ca"]): Promise<Verdict> {
  const host = node.status?.addresses?.find(({ type }) => type === "InternalIP")?.address;
  const port = node.status?.daemonEndpoints?.kubeletEndpoint?.Port;
  if (host === undefined || port === undefined || port === 0) return Promise.resolve("unreachable");
  return new Promise((resolve) => {
    const socket = tls.connect({ host, port, ca, rejectUnauthorized: true });
    const end = (verdict: Verdict) => {
      socket.destroy();
      resolve(verdict);
    };
    socket.setTimeout(timeoutMs, () => end("unreachable"));
    socket.on("secureConnect", () => end("verified"));
    socket.on("error", ({ code = "" }: NodeJS.ErrnoException) =>
      end(/CERT|SELF_SIGNED|UNABLE_TO|ALTNAME/.test(code) ? "unverified" : "unreachable"),
    );
  });
}

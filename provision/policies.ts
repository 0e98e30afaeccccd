import { endpointOf } from "./kubeadm";
import { places } from "./paths";
import { yaml, type PlanFile } from "./plan-file";
import type { Cluster } from "./read";

/**
 * Returns the files that the API servers read: audit policy, admission, and the templates of files with
 * secrets.
 */
export function policyFiles(cluster: Cluster): PlanFile[] {
  const file = (path: string, document: object): PlanFile => ({
    path,
    text: yaml(document),
    mode: "600",
  });
  return [
    file(places.audit, auditPolicy(cluster)),
    file(places.admission, admission(cluster)),
    file(`${places.policy}/encryption.yaml`, encryption(cluster)),
    file(`${places.policy}/discovery.conf`, discovery(cluster)),
  ];
}

/**
 * Secrets and tokens are logged without content. Reads by the control plane itself are not logged, because they
 * would fill the log.
 */
function auditPolicy({ audit }: Cluster): object {
  const secrets = [
    { group: "", resources: ["secrets", "configmaps", "serviceaccounts/token"] },
    { group: "authentication.k8s.io", resources: ["tokenreviews"] },
  ];
  return {
    apiVersion: "audit.k8s.io/v1",
    kind: "Policy",
    // The response is only logged when the request is complete.
    omitStages: ["RequestReceived"],
    rules: [
      {
        level: "None",
        nonResourceURLs: ["/healthz*", "/livez*", "/readyz*", "/version", "/metrics"],
      },
      {
        level: "None",
        resources: [{ group: "", resources: ["events"] }, { group: "events.k8s.io" }],
      },
      {
        level: "None",
        resources: [{ group: "coordination.k8s.io", resources: ["leases"] }],
      },
      {
        level: "None",
        userGroups: ["system:nodes", "system:serviceaccounts:kube-system"],
        verbs: ["get", "list", "watch"],
      },
      {
        level: "None",
        users: ["system:kube-controller-manager", "system:kube-scheduler", "system:kube-proxy"],
        verbs: ["get", "list", "watch"],
      },
      { level: "Metadata", resources: secrets },
      { level: "Metadata", verbs: ["get", "list", "watch"] },
      { level: audit.changes },
    ],
  };
}

function admission({ admission: { podSecurity, eventsPerNamespace } }: Cluster): object {
  const { enforce, warn, audit, exempt } = podSecurity;
  return {
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "AdmissionConfiguration",
    plugins: [
      {
        name: "PodSecurity",
        configuration: {
          apiVersion: "pod-security.admission.config.k8s.io/v1",
          kind: "PodSecurityConfiguration",
          defaults: { enforce, audit, warn },
          exemptions: { usernames: [], runtimeClasses: [], namespaces: exempt },
        },
      },
      {
        name: "EventRateLimit",
        configuration: {
          apiVersion: "eventratelimit.admission.k8s.io/v1alpha1",
          kind: "Configuration",
          limits: [{ type: "Namespace", qps: eventsPerNamespace, burst: eventsPerNamespace * 10 }],
        },
      },
    ],
  };
}

/**
 * On the first machine, the script replaces `@key@` with a key. Data that was written before can still be read.
 */
function encryption({ encryption: provider }: Cluster): object {
  return {
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "EncryptionConfiguration",
    resources: [
      {
        resources: ["secrets"],
        providers: [
          { [provider]: { keys: [{ name: "first", secret: "@key@" }] } },
          { identity: {} },
        ],
      },
    ],
  };
}

/**
 * When the script writes a bundle, it inserts the cluster's CA certificate and a token that is valid for two
 * hours.
 */
function discovery(cluster: Cluster): object {
  const { name } = cluster;
  return {
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name,
        cluster: {
          server: `https://${endpointOf(cluster)}`,
          "certificate-authority-data": "@authority@",
        },
      },
    ],
    users: [{ name: "bundle", user: { token: "@token@" } }],
    contexts: [{ name, context: { cluster: name, user: "bundle" } }],
    "current-context": name,
  };
}

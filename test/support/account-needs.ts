import { storageAccounts } from "./account-needs-storage";
import { extensionServer, leases, need, read, watch, type AccountNeeds } from "./account-need";

/** By the account's name. An account without an entry fails the test. */
export const accountNeeds: Record<string, AccountNeeds> = {
  prometheus: {
    namespace: "monitoring",
    source: "prometheus v3.14.0 discovery/kubernetes: roles pod, node and endpointslice",
    needs: [
      ...need("", ["pods", "nodes", "services"], watch),
      ...need("discovery.k8s.io", ["endpointslices"], watch),
      ...need("", ["nodes/metrics"], ["get"]),
    ],
    paths: ["/metrics"],
  },
  "kube-state-metrics": {
    namespace: "monitoring",
    source: "kube-state-metrics v2.20.0 internal/store/builder.go: a reflector for each resource",
    needs: [
      ...need(
        "",
        [
          ...["limitranges", "namespaces", "nodes", "persistentvolumeclaims", "persistentvolumes"],
          ...["pods", "resourcequotas", "services"],
        ],
        watch,
      ),
      ...need("apps", ["daemonsets", "deployments", "replicasets", "statefulsets"], watch),
      ...need("autoscaling", ["horizontalpodautoscalers"], watch),
      ...need("batch", ["cronjobs", "jobs"], watch),
      ...need("networking.k8s.io", ["ingresses", "networkpolicies"], watch),
      ...need("policy", ["poddisruptionbudgets"], watch),
      ...need("storage.k8s.io", ["storageclasses", "volumeattachments"], watch),
    ],
  },
  "otel-agent": {
    namespace: "tracing",
    source: "k8sattributesprocessor v0.158.0 internal/kube/client.go",
    needs: need("", ["pods"], watch),
  },
  "metrics-server": {
    namespace: "autoscaling",
    source: "metrics-server v0.9.0 pkg/server/config.go, pkg/scraper/client/resource/client.go",
    needs: [
      ...need("", ["pods", "nodes"], watch),
      ...need("", ["nodes/metrics"], ["get"]),
      ...extensionServer,
    ],
  },
  "keda-operator": {
    namespace: "autoscaling",
    source: "keda v2.20.2 controllers/keda, pkg/certificates/certificate_manager.go (rotator)",
    needs: [
      ...need("keda.sh", ["scaledobjects", "scaledjobs", "triggerauthentications"], read),
      ...need("keda.sh", ["scaledobjects/status", "scaledjobs/status"], ["update", "patch"]),
      ...need("autoscaling", ["horizontalpodautoscalers"], [...read, "create", "update", "delete"]),
      ...need("apps", ["deployments", "statefulsets"], watch),
      ...need("apps", ["deployments/scale", "statefulsets/scale"], ["get", "update"]),
      ...need("", ["secrets"], [...read, "create", "update"], { namespace: "autoscaling" }),
      ...need("admissionregistration.k8s.io", ["validatingwebhookconfigurations"], watch),
      ...need("admissionregistration.k8s.io", ["validatingwebhookconfigurations"], ["update"], {
        name: "keda-admission",
      }),
      ...need("apiregistration.k8s.io", ["apiservices"], ["update"], {
        name: "v1beta1.external.metrics.k8s.io",
      }),
      ...need("events.k8s.io", ["events"], ["create", "patch"]),
      ...leases("autoscaling"),
    ],
  },
  "keda-metrics-apiserver": {
    namespace: "autoscaling",
    source: "keda v2.20.2 cmd/adapter/main.go, pkg/provider",
    needs: [...need("keda.sh", ["scaledobjects"], watch), ...extensionServer],
  },
  "keda-admission-webhooks": {
    namespace: "autoscaling",
    source: "keda v2.20.2 apis/keda/v1alpha1/*_webhook.go, cmd/webhooks/main.go",
    needs: [
      ...need("keda.sh", ["scaledobjects", "scaledjobs", "triggerauthentications"], watch),
      ...need("autoscaling", ["horizontalpodautoscalers"], watch),
      ...need("apps", ["deployments", "statefulsets"], watch),
      ...need("", ["limitranges"], watch),
      // Its recorder writes events of the newer API group.
      ...need("events.k8s.io", ["events"], ["create", "patch"]),
    ],
  },
  filebeat: {
    namespace: "logging-nodes",
    source: "beats v9.5.2 libbeat/processors/add_kubernetes_metadata",
    needs: need("", ["pods", "nodes", "namespaces"], watch),
  },
  "logging-tls": {
    namespace: "logging",
    source: "components/logging/certificates/make.mjs",
    needs: [
      ...need("", ["secrets"], ["get"], { namespace: "logging", name: "logging-tls" }),
      ...need("", ["secrets"], ["create"], { namespace: "logging" }),
    ],
  },
  jenkins: {
    namespace: "ci",
    source: "the plugin kubernetes: agents as pods, their logs, commands in them",
    needs: [
      ...need("", ["pods"], [...read, "create", "delete"], { namespace: "ci-agents" }),
      ...need("", ["pods/exec"], ["create", "get"], { namespace: "ci-agents" }),
      ...need("", ["pods/log"], ["get"], { namespace: "ci-agents" }),
      ...need("", ["events"], watch, { namespace: "ci-agents" }),
    ],
  },
  "jenkins-agent": {
    namespace: "ci-agents",
    source: "builds ask nothing of the cluster",
    needs: [],
  },
  traefik: {
    namespace: "gateway",
    source:
      "traefik v3.6.23 pkg/provider/kubernetes/{gateway,ingress,crd}/client.go, WatchAll: nothing is served before these lists are there",
    needs: [
      ...need("", ["namespaces", "services", "secrets", "configmaps", "nodes"], watch),
      ...need("traefik.io", ["middlewares", "ingressroutes", "tlsoptions"], watch),
      ...need("discovery.k8s.io", ["endpointslices"], watch),
      ...need(
        "gateway.networking.k8s.io",
        ["gatewayclasses", "gateways", "httproutes", "referencegrants"],
        watch,
      ),
      ...need(
        "gateway.networking.k8s.io",
        ["gatewayclasses/status", "gateways/status", "httproutes/status"],
        ["update"],
      ),
      ...need("networking.k8s.io", ["ingresses", "ingressclasses"], watch),
      ...need("networking.k8s.io", ["ingresses/status"], ["update"]),
    ],
  },
  "dashboard-viewer": {
    namespace: "dashboard",
    source: "headlamp v0.45.0: what its pages list",
    needs: [
      ...need("", ["pods", "services", "nodes", "namespaces"], watch),
      ...need("apps", ["deployments", "statefulsets", "daemonsets"], watch),
    ],
  },
  ...storageAccounts,
};

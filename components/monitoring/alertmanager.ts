import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { BlockStorageClass, AlertRoutes, MonitoringConfig } from "../../config";
import { disruptionBudget } from "../shared/budget";
import { immutableConfigMap } from "../shared/config-map";
import { imageReference, images } from "../shared/images";
import { objectLabels, selectorLabels } from "../shared/labels";
import { platformPlacement, type PlacementRules } from "../shared/placement";
import { containerSecurityContext, spread, withoutApiAccess } from "../shared/pods";
import { secret, type DeclaredSecret } from "../shared/secret";
import { routingOf, type Routing } from "./credentials";
import { yaml } from "./prometheus-config";
import { alertmanagerConfig } from "./routing";
import {
  dataVolume,
  podAddresses,
  serverServices,
  serverSecurityContext,
  statefulSet,
} from "./stateful";

/** Arguments of {@link alertmanager}. */
export interface AlertmanagerArgs {
  namespace: pulumi.Input<string>;
  /** The namespace as plain text, for the addresses of the pods. */
  namespaceName: string;
  config: MonitoringConfig["alertmanager"];
  storageClass?: BlockStorageClass;
  /** Who is told about what. */
  routes: AlertRoutes;
  /** URL of its page, for the links in messages. */
  url?: string;
  imageMirror?: string;
  placement?: PlacementRules;
}

/** Port of the page, the API and the metrics. */
export const alertmanagerPort = 9093;
/** Port by which the pods tell each other what they sent, TCP and UDP. */
const gossipPort = 9094;

const name = "alertmanager";
const labels = objectLabels(name, "monitoring");
const configFolder = "/etc/alertmanager/config";

/** Alertmanager; with several replicas, they tell each other what was sent and silenced. */
export function alertmanager(
  args: AlertmanagerArgs,
  parent: pulumi.Resource,
): { service: pulumi.Output<string> } {
  const { namespace, config } = args;
  const routing = routingOf(args.routes);
  const data = { "alertmanager.yml": yaml(alertmanagerConfig(routing.args)) };
  const file = immutableConfigMap(name, { namespace, labels, data }, parent);
  const credentials = ownCredentials(routing, namespace, parent);
  const gossip = ["TCP", "UDP"].map((protocol) => ({
    name: `gossip-${protocol.toLowerCase()}`,
    port: gossipPort,
    targetPort: gossipPort,
    protocol,
  }));
  const { service, pods } = serverServices(
    { name, namespace, port: alertmanagerPort },
    gossip,
    parent,
  );
  statefulSet(
    {
      name,
      namespace,
      port: alertmanagerPort,
      replicas: config.replicas,
      storage: config.storage,
      storageClass: args.storageClass,
      pod: podSpec(args, { file: file.name, routing, credentials }),
    },
    parent,
    [pods, file.configMap],
  );
  if (config.replicas > 1) {
    disruptionBudget(name, { namespace, labels }, selectorLabels(name), parent);
  }
  return { service: service.metadata.name };
}

/** The Secret of the URLs and keys that the stack's config holds, where it holds any. */
function ownCredentials(
  { files }: Routing,
  namespace: pulumi.Input<string>,
  parent: pulumi.Resource,
): DeclaredSecret | undefined {
  const data = Object.fromEntries(
    files.flatMap(({ file, source }) => ("value" in source ? [[file, source.value]] : [])),
  );
  if (Object.keys(data).length === 0) return undefined;
  return secret("alertmanager-receivers", { namespace, labels, data }, parent);
}

interface Files {
  /** ConfigMap of alertmanager.yml. */
  file: string;
  routing: Routing;
  credentials: DeclaredSecret | undefined;
}

function podSpec(
  args: AlertmanagerArgs,
  { file, routing, credentials }: Files,
): k8s.types.input.core.v1.PodSpec {
  return {
    ...withoutApiAccess,
    securityContext: serverSecurityContext,
    // What was sent is told to the others and written out at the end.
    terminationGracePeriodSeconds: 60,
    ...spread(selectorLabels(name)),
    ...platformPlacement(args.placement),
    containers: [container(args, routing)],
    volumes: [
      { name: "config", configMap: { name: file } },
      { name: "credentials", ...credentialVolume(routing, credentials) },
    ],
  };
}

/** Files are read at every message, so that a new URL needs no restart. */
function credentialVolume(
  { files }: Routing,
  credentials: DeclaredSecret | undefined,
): Omit<k8s.types.input.core.v1.Volume, "name"> {
  const foreign = files.flatMap(({ file, source }) =>
    "secret" in source
      ? [{ name: source.secret, items: [{ key: source.key, path: file }], optional: true }]
      : [],
  );
  const own = credentials === undefined ? [] : [{ name: credentials.name }];
  // A foreign Secret that is missing ends its own receiver's messages, not all of them.
  const sources = [...own, ...foreign].map((projection) => ({ secret: projection }));
  return sources.length === 0 ? { emptyDir: {} } : { projected: { sources } };
}

function container(
  { config, namespaceName, url, imageMirror }: AlertmanagerArgs,
  { folder }: Routing,
): k8s.types.input.core.v1.Container {
  const web = (path: string) => ({ httpGet: { path, port: "web" } });
  const peers = podAddresses(name, {
    namespace: namespaceName,
    replicas: config.replicas,
    port: gossipPort,
  });
  const cluster =
    config.replicas === 1
      ? ["--cluster.listen-address="]
      : [
          `--cluster.listen-address=[$(POD_IP)]:${gossipPort}`,
          `--cluster.advertise-address=[$(POD_IP)]:${gossipPort}`,
          ...peers.map((peer) => `--cluster.peer=${peer}`),
        ];
  return {
    name,
    image: imageReference(images.alertmanager, imageMirror),
    args: [
      `--config.file=${configFolder}/alertmanager.yml`,
      "--storage.path=/alertmanager",
      `--data.retention=${config.retention}s`,
      ...cluster,
      ...(url === undefined ? [] : [`--web.external-url=${url}`]),
    ],
    env: [{ name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } }],
    ports: [
      { name: "web", containerPort: alertmanagerPort },
      { name: "gossip-tcp", containerPort: gossipPort },
      { name: "gossip-udp", containerPort: gossipPort, protocol: "UDP" },
    ],
    livenessProbe: { ...web("/-/healthy"), periodSeconds: 10, failureThreshold: 6 },
    readinessProbe: { ...web("/-/ready"), periodSeconds: 5, failureThreshold: 3 },
    resources: config.resources,
    securityContext: { ...containerSecurityContext, readOnlyRootFilesystem: true },
    volumeMounts: [
      { name: dataVolume, mountPath: "/alertmanager" },
      { name: "config", mountPath: configFolder, readOnly: true },
      { name: "credentials", mountPath: folder, readOnly: true },
    ],
  };
}

import type * as pulumi from "@pulumi/pulumi";
import type { BlockStorageClass, AlertRoutes, MonitoringConfig } from "../../config";
import { immutableConfigMap } from "../shared/config-map";
import type { Part } from "../shared/context";
import {
  anyAddress,
  everyPort,
  gatewayPods,
  podsOf,
  type Network,
  type Port,
} from "../shared/network-policy";
import { scratch, type PartContainer, type PodVolume } from "../shared/pod-template";
import { secret, type DeclaredSecret } from "../shared/secret";
import { relayContainer, relayFiles, relayVolume } from "./chats";
import { routingOf, type Routing } from "./credentials";
import { yaml } from "./prometheus-config";
import { alertmanagerConfig } from "./routing";
import { dataVolume, podAddresses, serverSet } from "./stateful";

/** Arguments of {@link alertmanager}. */
export interface AlertmanagerArgs {
  /** The namespace as plain text, for the addresses of the pods. */
  namespaceName: string;
  /** Settings of Alertmanager from the stack's config: replicas, storage and resources. */
  config: MonitoringConfig["alertmanager"];
  /** Block storage class of its volumes. Default: the cluster's default class. */
  storageClass?: BlockStorageClass;
  /** Which receivers get which alerts. */
  routes: AlertRoutes;
  /** URL of its web UI, for the links in messages. Default: messages have no links to it. */
  url?: string;
}

/** Port of the web UI, the API and the metrics. */
export const alertmanagerPort = 9093;
/** Port on which the pods exchange the notifications that they have sent, TCP and UDP. */
const gossipPort = 9094;

const name = "alertmanager";
const configFolder = "/etc/alertmanager/config";

const gossipPorts: Port[] = (["TCP", "UDP"] as const).map((protocol) => ({
  protocol,
  port: gossipPort,
}));

const network: Network = {
  ingress: [
    {
      from: [gatewayPods, podsOf("prometheus"), podsOf("grafana")],
      ports: [alertmanagerPort],
    },
    { from: [podsOf(name)], ports: gossipPorts },
  ],
  egress: [
    { to: [podsOf(name)], ports: gossipPorts },
    // The receivers' addresses are secrets, so no rule can contain them.
    { to: [{ namespaceSelector: {} }, anyAddress], ports: [everyPort] },
  ],
};

/** Declares Alertmanager. Several replicas exchange silences and the notifications that they have sent. */
export function alertmanager(part: Part, args: AlertmanagerArgs): void {
  const { config } = args;
  const routing = routingOf(args.routes);
  const data = { "alertmanager.yml": yaml(alertmanagerConfig(routing.args)) };
  const file = immutableConfigMap(part, name, { data });
  const relay = hasChats(routing)
    ? immutableConfigMap(part, "alertmanager-relay", { data: relayFiles(), workload: name })
    : undefined;
  const gossip = (protocol: "TCP" | "UDP") => ({
    port: gossipPort,
    targetPort: gossipPort,
    protocol,
  });
  serverSet(part, {
    name,
    port: alertmanagerPort,
    peerPorts: { "gossip-tcp": gossip("TCP"), "gossip-udp": gossip("UDP") },
    replicas: config.replicas,
    storage: config.storage,
    storageClass: args.storageClass,
    containers: [container(args, routing), ...(relay ? [relayContainer(routing.folder)] : [])],
    volumes: [
      { name: "config", configMap: { name: file.name } },
      credentialVolume(routing, ownCredentials(part, routing)),
      ...(relay ? [{ name: relayVolume, configMap: { name: relay.name } }] : []),
    ],
    // At its end, a pod tells the others which notifications it has sent, and writes them to its volume.
    spec: { terminationGracePeriodSeconds: 60 },
    network,
    dependsOn: [file.configMap, ...(relay ? [relay.configMap] : [])],
  });
}

/** Whether a receiver is a chat that Alertmanager does not support. */
function hasChats({ args: { receivers } }: Routing): boolean {
  return Object.values(receivers).some((list) => list.some(({ type }) => type === "chat"));
}

/** Declares the Secret with the URLs and keys from the stack's config, if it contains any. */
function ownCredentials(part: Part, { files }: Routing): DeclaredSecret | undefined {
  const data: Record<string, pulumi.Input<string>> = Object.fromEntries(
    files.flatMap(({ file, source }) => ("value" in source ? [[file, source.value]] : [])),
  );
  if (Object.keys(data).length === 0) return undefined;
  return secret(part, "alertmanager-receivers", { data, workload: name });
}

/** Files are read for every message, so a new URL needs no restart. */
function credentialVolume({ files }: Routing, credentials: DeclaredSecret | undefined): PodVolume {
  const foreign = files.flatMap(({ file, source }) =>
    "secret" in source
      ? [{ name: source.secret, items: [{ key: source.key, path: file }], optional: true }]
      : [],
  );
  const own = credentials === undefined ? [] : [{ name: credentials.name }];
  // If a Secret that was created by hand is missing, only its receiver gets no messages.
  const sources = [...own, ...foreign].map((projection) => ({ secret: projection }));
  return sources.length === 0
    ? scratch("credentials", "1Mi")
    : { name: "credentials", projected: { sources } };
}

function container(
  { config, namespaceName, url }: AlertmanagerArgs,
  { folder }: Routing,
): PartContainer {
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
    image: "alertmanager",
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
    volumeMounts: [
      { name: dataVolume, mountPath: "/alertmanager" },
      { name: "config", mountPath: configFolder, readOnly: true },
      { name: "credentials", mountPath: folder, readOnly: true },
    ],
  };
}

import { createHash } from "node:crypto";
import { places } from "./paths";
import { yaml, type PlanFile } from "./plan-file";
import { apiPort } from "./ports";
import type { Cluster } from "./read";
import type { Endpoint } from "./schema/network";
import { controlPlaneOf, type Machine } from "./schema/machines";
import { prefixOf } from "../config/addresses";

type Keepalived = Extract<Endpoint, { type: "keepalived" }>;

const haproxyConfig = "/etc/haproxy/haproxy.cfg";
const keepalivedConfig = "/etc/keepalived/keepalived.conf";
const checkScript = "/etc/keepalived/check-api.sh";

/**
 * Returns the HAProxy and keepalived files of a control-plane machine; none if the endpoint is your own load
 * balancer.
 */
export function balancerFiles(cluster: Cluster, name: string, machine: Machine): PlanFile[] {
  const { endpoint, images } = cluster;
  if (endpoint.type !== "keepalived") return [];
  const proxy = haproxy(cluster, endpoint);
  const files: PlanFile[] = [
    { path: keepalivedConfig, text: keepalived(cluster, endpoint, name, machine) },
    { path: checkScript, text: check(endpoint), mode: "755" },
  ];
  const haproxyPod = staticPod("haproxy", images.haproxy, [proxy], {
    mounts: [{ hostPath: haproxyConfig, mountPath: "/usr/local/etc/haproxy/haproxy.cfg" }],
    port: endpoint.port,
  });
  const keepalivedPod = staticPod(
    "keepalived",
    images.keepalived,
    files.map(({ text }) => text),
    {
      mounts: [
        // Where the image reads it since 2.3 (KEEPALIVED_CONF).
        { hostPath: keepalivedConfig, mountPath: keepalivedConfig },
        { hostPath: checkScript, mountPath: checkScript },
      ],
      capabilities: ["NET_ADMIN", "NET_BROADCAST", "NET_RAW"],
    },
  );
  return [
    { path: haproxyConfig, text: proxy },
    ...files,
    { path: manifest("haproxy"), text: yaml(haproxyPod), mode: "600" },
    { path: manifest("keepalived"), text: yaml(keepalivedPod), mode: "600" },
  ];
}

function manifest(name: string): string {
  return `${places.kubernetes}/manifests/${name}.yaml`;
}

/**
 * TLS is passed through to the API servers. Connections to a server that is not ready are closed, so that
 * clients reconnect.
 */
function haproxy(cluster: Cluster, { port }: Keepalived): string {
  const servers = controlPlaneOf(cluster).map(
    ([name, { address }]) => `    server ${name} ${address}:${apiPort} check`,
  );
  return `global
    log stdout format raw local0
    maxconn 8000

defaults
    mode tcp
    log global
    option dontlognull
    option clitcpka
    option srvtcpka
    retries 2
    # Each further try goes to another API server, also before the checks have found out that one is gone.
    option redispatch 1
    timeout connect 3s
    # Watches are quiet for minutes; the API servers end them after an hour at the latest.
    timeout client 2h
    timeout server 2h

frontend api
    bind *:${port}
    default_backend api

backend api
    balance roundrobin
    option httpchk
    http-check connect ssl alpn http/1.1
    http-check send meth GET uri /readyz ver HTTP/1.1 hdr host localhost
    http-check expect status 200
    default-server verify none inter 2s fall 3 rise 2 on-marked-down shutdown-sessions
${servers.join("\n")}
`;
}

/**
 * Messages are unicast, because many networks drop multicast. It does not matter which machine starts first.
 */
function keepalived(
  cluster: Cluster,
  endpoint: Keepalived,
  name: string,
  machine: Machine,
): string {
  const members = controlPlaneOf(cluster);
  const peers = members.filter(([member]) => member !== name).map(([, { address }]) => address);
  // The first machine of the file is preferred, by a margin greater than the effect of a failed check between
  // neighbors.
  const priority = 120 - 5 * members.findIndex(([member]) => member === name);
  const unicast = [
    `    unicast_src_ip ${machine.address}`,
    "    unicast_peer {",
    ...peers.map((address) => `        ${address}`),
    "    }",
  ];
  return `global_defs {
    router_id ${name}
    script_user root
    enable_script_security
}

vrrp_script check_api {
    script "${checkScript}"
    interval 3
    timeout 5
    weight -30
    fall 3
    rise 2
}

vrrp_instance api {
    state BACKUP
    interface ${machine.interface}
    virtual_router_id ${endpoint.routerId}
    priority ${priority}
    advert_int 1
${peers.length === 0 ? "" : `${unicast.join("\n")}\n`}    virtual_ipaddress {
        ${endpoint.address}/${prefixOf(cluster.network.machines)}
    }
    track_script {
        check_api
    }
}
`;
}

function check({ port }: Keepalived): string {
  return `#!/bin/sh
# Whether HAProxy on this machine reaches an API server. The certificate does not matter here. keepalived's image has
# openssl, and no curl.
printf 'GET /livez HTTP/1.0\\r\\n\\r\\n' | timeout 4 openssl s_client -quiet -connect 127.0.0.1:${port} 2>/dev/null |
  grep -q '^HTTP/1\\.[01] 200 '
`;
}

interface PodOptions {
  mounts: { hostPath: string; mountPath: string }[];
  port?: number;
  capabilities?: string[];
}

/**
 * Returns a pod that the kubelet runs without an API server. The hash of its config restarts it when the config
 * changes.
 */
function staticPod(name: string, image: string, texts: string[], options: PodOptions): object {
  const { mounts, port, capabilities } = options;
  const config = createHash("sha256").update(texts.join("\0")).digest("hex").slice(0, 16);
  const volumes = mounts.map(({ hostPath }, index) => ({
    name: `file-${index}`,
    hostPath: { path: hostPath, type: "File" },
  }));
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: "kube-system",
      labels: { component: name, tier: "control-plane" },
      annotations: { "platform/config": config },
    },
    spec: {
      hostNetwork: true,
      priorityClassName: "system-node-critical",
      containers: [
        {
          name,
          image,
          ...(port === undefined
            ? {}
            : {
                livenessProbe: {
                  tcpSocket: { host: "127.0.0.1", port },
                  periodSeconds: 10,
                  failureThreshold: 6,
                },
              }),
          resources: { requests: { cpu: "50m", memory: "64Mi" } },
          ...(capabilities === undefined
            ? {}
            : { securityContext: { capabilities: { add: capabilities } } }),
          volumeMounts: mounts.map(({ mountPath }, index) => ({
            name: `file-${index}`,
            mountPath,
            readOnly: true,
          })),
        },
      ],
      volumes,
    },
  };
}

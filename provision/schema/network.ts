import { z } from "zod";
import { host, ipAddress, port, range } from "../../config/values";

/** A range of IPv4 addresses. */
export const range4 = range.refine((text) => !text.includes(":"), "a range of IPv4 addresses");

/** A SHA-256 checksum. */
export const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, "a SHA-256 checksum of 64 hexadecimal digits");

/** A file that a machine downloads. */
export const download = z.strictObject({
  /** URL, with HTTPS. */
  address: z
    .string()
    .regex(
      /^https:\/\/[a-z0-9][\w.:-]*\/[\w./:%+~-]*$/,
      "an address such as https://mirror.example.com/file",
    ),
  /**
   * Checksum of its content. Without it, the machine downloads the file once, prints the checksum and stops, so that a
   * person can compare it and write it here.
   */
  sha256: sha256.optional(),
});

/** Ports of a protocol that the network plugin uses between machines. */
const pluginPort = z.strictObject({
  protocol: z.enum(["tcp", "udp"]),
  port,
});

/** The network plugin. It must enforce network policies, because the platform relies on them. */
export const plugin = z.discriminatedUnion("name", [
  z.strictObject({
    name: z.literal("calico"),
    /** Manifests of its operator, applied on the first machine in this order. */
    manifests: z.array(download).min(1),
    /** How packets of pods travel between machines: in UDP packets, or by routes that BGP announces. */
    encapsulation: z.enum(["VXLAN", "None"]).default("VXLAN"),
  }),
  z.strictObject({
    name: z.literal("other"),
    /** Manifests that install it, applied on the first machine in this order. */
    manifests: z.array(download).min(1),
    /** Ports that machines open to each other for it. */
    ports: z.array(pluginPort).default([]),
  }),
]);

/** Addresses of the cluster. */
export const network = z.strictObject({
  /** Range of the machines' own addresses. */
  machines: range4,
  /** Range of the pods. It is split into one range of `nodePrefix` for each machine. */
  pods: range4,
  /** Range of the Services: a prefix of 12 to 24. */
  services: range4,
  /** Prefix of the range of pods of one machine. */
  nodePrefix: z.int().min(16).max(28).default(24),
  /** Domain of Services. */
  domain: host.default("cluster.local"),
  plugin,
  /** How kube-proxy forwards requests for Services to their pods. */
  proxy: z.enum(["nftables", "ipvs", "iptables"]).default("nftables"),
});

/** The load balancer in front of the API servers. */
export const endpoint = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("keepalived"),
    /** Address in `network.machines` that one of the control-plane machines holds at any time. */
    address: z.ipv4(),
    /** Port of HAProxy. The API servers use 6443 on the same machines. */
    port: port.default(8443),
    /** DNS name of the address. It is also in the certificates. */
    host: host.optional(),
    /** VRRP router ID of this cluster. Nothing else in the network may use it. */
    routerId: z.int().min(1).max(255),
  }),
  z.strictObject({
    type: z.literal("external"),
    /** Address or host name of your own load balancer, such as F5 or LVS. */
    address: z.union([host, z.ipv4()], {
      error: "a host name in lower case or an IPv4 address, for example api.example.com",
    }),
    port: port.default(6443),
  }),
]);

/** A port that is opened in addition to those that the cluster needs. */
const opening = z.strictObject({
  protocol: z.enum(["tcp", "udp"]).default("tcp"),
  ports: z.array(port).min(1),
  from: z.array(range4).min(1),
  /** Machines on which it is opened. */
  on: z.enum(["all", "control-plane", "worker"]).default("all"),
  /** Reason; becomes the comment of the rule. */
  reason: z
    .string()
    .regex(/^[\w ,.:()/-]{3,100}$/, "a reason of 3 to 100 letters, digits, spaces and ,.:()/-"),
});

/** Who may connect to which ports of the machines. All other connections are dropped. */
export const firewall = z.strictObject({
  /** Who may connect with SSH. */
  ssh: z.array(range4).min(1),
  /** Who may use the API, in addition to machines and pods: administrators, CI, the load balancer. */
  api: z.array(range4).default([]),
  /**
   * Who may use the node ports of Services, in addition to machines and pods: clients or their load balancer.
   */
  nodePorts: z.array(range4).default([]),
  /** Additional ports. */
  open: z.array(opening).default([]),
});

/** Additional names and addresses of the API server in its certificate. */
export const names = z.array(z.union([host, ipAddress], { error: "a host name or an IP address" }));

/** @see {@link endpoint} */
export type Endpoint = z.infer<typeof endpoint>;

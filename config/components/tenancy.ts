import { z } from "zod";
import { isVast } from "../addresses";
import { expected, show } from "../errors";
import { bytes, cpu, labels, name, port, range } from "../values";

/** Where NodeLocal DNSCache listens on every node, unless it was installed otherwise. */
const nodeLocalDns = "169.254.20.10/32";

const reason = z.string().trim().min(1);

/** Addresses outside of the cluster that a team's apps call. */
export const egress = z
  .strictObject({
    cidr: range,
    ports: z.array(port).min(1),
    protocol: z.enum(["TCP", "UDP"]).default("TCP"),
    /** Why; required for a range of over 16 million addresses, that is a prefix below /8: two of them can be the whole internet. */
    reason: reason.optional(),
  })
  .refine(({ cidr, reason: said }) => !isVast(cidr) || said !== undefined, {
    path: ["cidr"],
    error: ({ input }) =>
      expected(
        "a range with a prefix of at least /8",
        show((input as { cidr: string }).cidr),
        "name a smaller range, or set reason beside it",
      ),
  });

/** A group as the cluster's login names it. Kubernetes' own hold every user, or every machine. */
const group = z
  .string()
  .max(253)
  .regex(
    /^(?!system:)\S(.*\S)?$/,
    "a group of the company's login, none of Kubernetes' own that start with system:",
  );

/** Who may do what in a team's namespace. */
const groups = z.strictObject({
  /** See everything but logs and Secrets. */
  view: z.array(group).default([]),
  /** The same, read logs, and change and scale what a release touches. */
  release: z.array(group).default([]),
  /** Everything that a team needs, but for its own limits, policies and roles. */
  admin: z.array(group).default([]),
});

/** More than `restricted` for the pods of one namespace. */
export const podSecurity = z.strictObject({ level: z.enum(["baseline", "privileged"]), reason });

const team = z.strictObject({
  /** Namespace of the team; `<team>-<environment>` without it. */
  namespace: name.optional(),
  /** Sum over all pods of the team's namespace, counted by requests. */
  quota: z
    .strictObject({
      cpu,
      memory: bytes,
      pods: z.int().min(1).max(10_000),
      /** Requests of the nodes' disks; 256 MiB for each pod without it. */
      "ephemeral-storage": bytes.optional(),
      /** What the claims of all volumes request; not counted without it. */
      volumes: bytes.optional(),
    })
    .default({ cpu: "16", memory: "32Gi", pods: 100 }),
  /** Extra labels of the team's namespace. */
  labels: labels.default({}),
  groups: groups.prefault({}),
  /** What the team's apps may call outside of the cluster, beside their `externalServices` with addresses. */
  egress: z.array(egress).default([]),
  /** Apps of other stacks that are reached on a fixed port of every node; this stack's own are known. */
  nodePortApps: z.array(name).default([]),
  /** Exception from Pod Security `restricted`. */
  podSecurity: podSecurity.optional(),
});

/** Namespaces, quotas, network policies and roles of the teams in this stack's environment. */
export const tenancy = z.strictObject({
  teams: z.record(name, team),
  /**
   * Addresses of DNS servers beside those of kube-system: the cache on every node, which a network
   * policy sees as an address of its own. That of NodeLocal DNSCache without it.
   */
  dnsServers: z.array(range).default([nodeLocalDns]),
});

/** @see {@link tenancy} */
export type TenancyConfig = z.infer<typeof tenancy>;
/** @see {@link team} */
export type TeamConfig = z.infer<typeof team>;
/** @see {@link egress} */
export type EgressConfig = z.infer<typeof egress>;

import { z } from "zod";
import { isMetadata, isVast, nodeLocalDnsAddress } from "../addresses";
import { expected, show } from "../errors";
import { bytes, cpu, labels, name, port, range } from "../values";

const reason = z.string().trim().min(1);

/** Addresses outside the cluster that a team's apps connect to. */
export const egress = z
  .strictObject({
    /** Range of the addresses. */
    cidr: range,
    /** Ports at these addresses. */
    ports: z.array(port).min(1),
    /** Protocol of the ports. */
    protocol: z.enum(["TCP", "UDP"]).default("TCP"),
    /**
     * Why the range is needed. Without it, a range of more than 16 million addresses is refused, that is, with a
     * prefix shorter than /8: two such ranges can be the whole internet. So is a range of a cloud's metadata
     * service, such as 169.254.0.0/16. A larger range is opened without these addresses.
     */
    reason: reason.optional(),
  })
  .refine(({ cidr, reason: said }) => !isVast(cidr) || said !== undefined, {
    path: ["cidr"],
    error: ({ input }) =>
      expected(
        "a range with a prefix of at least /8",
        show((input as { cidr: string }).cidr),
        "name a smaller range, or set a reason next to it",
      ),
  })
  .refine(({ cidr, reason: said }) => !isMetadata(cidr) || said !== undefined, {
    path: ["cidr"],
    error: ({ input }) =>
      expected(
        "a range without a cloud's metadata service, which gives pods the credentials of their node",
        show((input as { cidr: string }).cidr),
        "name another range, or set a reason next to it",
      ),
  });

/**
 * A group in the company's login. Kubernetes' own groups are not allowed: they contain all users, or all nodes.
 */
const group = z
  .string()
  .max(253)
  .regex(
    /^(?!system:)\S(.*\S)?$/,
    "a group of the company's login, not one of Kubernetes' own, which start with system:",
  );

/** Permissions in a team's namespace, as groups. */
const groups = z.strictObject({
  /** Can see everything except logs and Secrets. */
  view: z.array(group).default([]),
  /** Can also read logs, and change and scale Deployments and their autoscalers. */
  release: z.array(group).default([]),
  /**
   * Can do everything that a team needs, except changing its own limits, policies, roles, Services and routes. Only
   * the program writes Services and routes, because they can take requests from other teams.
   */
  admin: z.array(group).default([]),
});

/** An exception from Pod Security `restricted` for the pods of one namespace. */
export const podSecurity = z.strictObject({
  /** Level that applies instead: what pods of the namespace may do. */
  level: z.enum(["baseline", "privileged"]),
  /** Why the pods need it. Previews show it. */
  reason,
});

/** Labels of a team's namespace that the program sets, or the API server. */
const reservedLabels = [
  "app.kubernetes.io/name",
  "app.kubernetes.io/part-of",
  "app.kubernetes.io/managed-by",
  "kubernetes.io/metadata.name",
  "platform/environment",
  "platform/team",
];

/**
 * Prefix of the labels for Pod Security. One with an old version takes rules away from the level that is enforced, and one
 * with a version that does not exist is refused by the API server during the update.
 */
const podSecurityPrefix = "pod-security.kubernetes.io/";

function refuseReserved(
  given: Record<string, string>,
  { addIssue }: { addIssue: (issue: { code: "custom"; path: string[]; message: string }) => void },
): void {
  const refuse = (key: string, what: string, next: string) =>
    addIssue({ code: "custom", path: [key], message: expected(what, show(given[key]), next) });
  for (const key of Object.keys(given)) {
    if (reservedLabels.includes(key))
      refuse(key, "no label that the namespace already has", "remove it");
    if (key.startsWith(podSecurityPrefix))
      refuse(key, "no label of Pod Security", "set podSecurity of the team for another level");
  }
}

const team = z.strictObject({
  /** Namespace of the team. Default: `<team>-<environment>`. */
  namespace: name.optional(),
  /** Limits for the sum of the requests of all pods in the team's namespace. */
  quota: z
    .strictObject({
      cpu,
      memory: bytes,
      /** Maximum number of pods. */
      pods: z.int().min(1).max(10_000),
      /** Requests for the disks of the nodes. Default: 256 MiB for each pod. */
      "ephemeral-storage": bytes.optional(),
      /** Total size that the claims of all volumes request. Not limited by default. */
      volumes: bytes.optional(),
    })
    .default({ cpu: "16", memory: "32Gi", pods: 100 }),
  /**
   * Extra labels of the team's namespace. Labels that this program or Kubernetes sets are refused, and labels of Pod
   * Security, which `podSecurity` sets.
   */
  labels: labels.superRefine(refuseReserved).default({}),
  /** Groups of the company's login, by what they can do in the namespace. */
  groups: groups.prefault({}),
  /**
   * Addresses outside the cluster that the team's apps may connect to, in addition to the addresses in their
   * `externalServices`.
   */
  egress: z.array(egress).default([]),
  /** Apps of the team in other stacks that have a fixed node port. Apps of this stack need not be listed. */
  nodePortApps: z.array(name).default([]),
  /** Exception from Pod Security `restricted` for the team's namespace. Default: none. */
  podSecurity: podSecurity.optional(),
});

/** Namespaces, quotas, network policies and roles of the teams in this stack's environment. */
export const tenancy = z.strictObject({
  /** Teams, by name. Each has a namespace. */
  teams: z.record(name, team),
  /**
   * Addresses of DNS servers, in addition to those in kube-system: the cache on every node, which network
   * policies see as a separate address. Default: the address of NodeLocal DNSCache.
   */
  dnsServers: z.array(range).default([nodeLocalDnsAddress]),
});

/** @see {@link team} */
export type TeamConfig = z.infer<typeof team>;
/** @see {@link egress} */
export type EgressConfig = z.infer<typeof egress>;

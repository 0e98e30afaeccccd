import { z } from "zod";
import { name } from "../../config/values";
import { groups, machine } from "./machines";
import { endpoint, firewall, names, network } from "./network";
import { admission, audit, images, kubelet, packages, runtime } from "./settings";
import { fullVersion } from "./version";

/** The machines of one cluster: the content of `clusters/<name>.yaml`. */
export const clusterSchema = z.strictObject({
  /** Kubernetes version of the control plane, and of all machines without their own version. */
  version: fullVersion,
  /** Stacks of this cluster. Their node groups, version and addresses are compared with this file. */
  stacks: z
    .array(z.string().regex(/^[A-Za-z0-9][\w.-]*$/, "the name of a stack, such as prod"))
    .default([]),
  network,
  /** The load balancer in front of the API servers. */
  endpoint,
  /** Additional names and addresses in the API servers' certificates. */
  certificateNames: names.default([]),
  firewall,
  packages: packages.prefault({}),
  runtime: runtime.prefault({}),
  images: images.prefault({}),
  kubelet: kubelet.prefault({}),
  audit: audit.prefault({}),
  admission: admission.prefault({}),
  /** How Secrets are encrypted in etcd. The key is generated on the first machine. */
  encryption: z.enum(["secretbox", "aescbc"]).default("secretbox"),
  /** Additional kernel settings of all machines. */
  sysctls: z
    .record(
      z
        .string()
        .regex(/^[a-z0-9_]+([./][a-zA-Z0-9_-]+)+$/, "a kernel setting such as vm.swappiness"),
      z.union([z.int(), z.string().regex(/^[\w .-]+$/)], { error: "a number or a text" }),
    )
    .default({}),
  /** Additional kernel modules of all machines, such as rbd. */
  modules: z.array(z.string().regex(/^[\w-]+$/, "the name of a kernel module")).default([]),
  groups: groups.default({}),
  /** The machines, by host name. */
  machines: z.record(name, machine),
});

/** A cluster's machines according to its file. */
export type ClusterFile = z.infer<typeof clusterSchema>;

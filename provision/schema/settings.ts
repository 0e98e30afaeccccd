import { z } from "zod";
import { balancerImages } from "../../versions/machines";
import { imageName } from "./image";
import { bytes, name } from "../../config/values";
import { reservation } from "./machines";
import { download } from "./network";

/** A mirror of a registry, or another registry that replaces it. */
const mirror = z
  .string()
  .regex(
    /^https?:\/\/[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?(\/[\w./-]*\w)?$/,
    "the address of a registry, such as https://mirror.example.com or https://harbor.example.com/v2/docker",
  );

/** Name of a registry in images, or `_default` for all without an entry. */
const registry = z
  .string()
  .regex(
    /^(_default|[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?)$/,
    "a registry as images name it, such as docker.io, or _default",
  );

/** The container runtime, containerd 2. */
export const runtime = z.strictObject({
  /** Mirrors by registry, in the order in which they are tried. The registry itself is tried last. */
  mirrors: z.record(registry, z.array(mirror).min(1)).default({}),
  /** Whether registries with mirrors are never used directly, for machines without internet access. */
  mirrorsOnly: z.boolean().default(false),
  /**
   * File with the company's CA certificates (PEM), relative to the project's folder. Every machine trusts them.
   */
  authorities: z.string().min(1).optional(),
});

/** A source of Debian packages. */
const repository = z.strictObject({
  address: z
    .string()
    .regex(
      /^https:\/\/[a-z0-9][\w.:-]*\/[\w./:%+~-]*$/,
      "an address such as https://mirror.example.com/debian/",
    ),
  suite: z.string().regex(/^[\w./-]+$/, "a suite such as trixie, or /"),
  components: z.array(z.string().regex(/^[\w.-]+$/, "a component such as main")).default([]),
  /** The key that signs it. */
  key: download,
});

/** Sources of the machines' packages. */
export const packages = z.strictObject({
  /**
   * Sources in addition to those of the installed system, by name: those of Kubernetes and containerd, or your
   * mirror of them.
   */
  repositories: z.record(name, repository).default({}),
  /** Package of containerd 2, which Kubernetes requires from 1.36 on. */
  containerd: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.+-]+$/, "the name of a package")
    .default("containerd.io"),
});

/** The kubelets. */
export const kubelet = z.strictObject({
  reserved: z
    .strictObject({
      /** Reserved for the system: SSH, journald, the kernel. */
      system: reservation.prefault({ cpu: "200m", memory: "512Mi", "ephemeral-storage": "2Gi" }),
      /** Reserved for the kubelet and containerd. */
      kubernetes: reservation.prefault({ cpu: "300m", memory: "1Gi", "ephemeral-storage": "2Gi" }),
    })
    .prefault({}),
  /** Free memory below which pods are evicted. */
  evictionMemory: bytes.default("500Mi"),
  /** Free share of a disk, in percent, below which pods are evicted. */
  evictionDiskPercent: z.int().min(1).max(50).default(10),
  maxPods: z.int().min(10).max(500).default(110),
  /** Rotation of the containers' logs. */
  containerLogs: z
    .strictObject({
      /** Size at which a container's log is rotated. */
      size: bytes.default("50Mi"),
      /** Number of log files that are kept for each container. */
      files: z.int().min(2).max(50).default(5),
    })
    .prefault({}),
  /** Whether swap is off, or pods of class Burstable may use their share of it. */
  swap: z.enum(["off", "limited"]).default("off"),
});

/** The audit log of the API servers. */
export const audit = z.strictObject({
  /** Detail of the log for changes by people and programs. Reads are logged without content. */
  changes: z.enum(["Metadata", "Request", "RequestResponse"]).default("Metadata"),
  /** Days for which files are kept. */
  days: z.int().min(1).max(3650).default(30),
  /** Maximum number of files. */
  files: z.int().min(1).max(1000).default(20),
  /** Maximum size of a file, MiB. */
  megabytes: z.int().min(1).max(10_000).default(200),
});

const level = z.enum(["privileged", "baseline", "restricted"]);

/** Limits and checks of the API servers. */
export const admission = z.strictObject({
  /** Pod Security level of namespaces that have no label. */
  podSecurity: z
    .strictObject({
      enforce: level.default("baseline"),
      warn: level.default("restricted"),
      audit: level.default("restricted"),
      /** Namespaces without these limits. */
      exempt: z.array(name).default(["kube-system"]),
    })
    .prefault({}),
  /** Maximum number of events per second in one namespace. */
  eventsPerNamespace: z.int().min(1).max(10_000).default(50),
});

/** Images of Kubernetes and of the static pods. */
export const images = z.strictObject({
  /** Registry and path of Kubernetes' own images. */
  repository: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.:/_-]*[a-z0-9]$/, "a registry and a path, such as registry.k8s.io")
    .default("registry.k8s.io"),
  haproxy: imageName.default(balancerImages.haproxy),
  keepalived: imageName.default(balancerImages.keepalived),
});

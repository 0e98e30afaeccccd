import { z } from "zod";
import { balancerImages } from "../../versions/machines";
import { imageName } from "./image";
import { bytes, name } from "../../config/values";
import { reservation } from "./machines";
import { download } from "./network";

/** A mirror of a registry, or another registry in its place. */
const mirror = z
  .string()
  .regex(
    /^https?:\/\/[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?(\/[\w./-]*\w)?$/,
    "the address of a registry, such as https://mirror.example.com or https://harbor.example.com/v2/docker",
  );

/** The name of a registry in images, or `_default` for all without an entry. */
const registry = z
  .string()
  .regex(
    /^(_default|[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?)$/,
    "a registry as images name it, such as docker.io, or _default",
  );

/** The container runtime, containerd 2. */
export const runtime = z.strictObject({
  /** Mirrors by registry, in the order in which they are asked. The registry itself is asked last. */
  mirrors: z.record(registry, z.array(mirror).min(1)).default({}),
  /** Whether registries with mirrors are never asked themselves, as on machines without the internet. */
  mirrorsOnly: z.boolean().default(false),
  /** File of the company's certificate authorities (PEM), from the project's folder; every machine trusts them. */
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

/** Where the machines' packages come from. */
export const packages = z.strictObject({
  /** Sources beside those of the installed system, by name: those of Kubernetes and containerd, or your mirror of them. */
  repositories: z.record(name, repository).default({}),
  /** Package of containerd 2, which Kubernetes from 1.36 on is made for. */
  containerd: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.+-]+$/, "the name of a package")
    .default("containerd.io"),
});

/** The kubelets. */
export const kubelet = z.strictObject({
  reserved: z
    .strictObject({
      /** For the system: SSH, journald, the kernel. */
      system: reservation.prefault({ cpu: "200m", memory: "512Mi", "ephemeral-storage": "2Gi" }),
      /** For the kubelet and containerd. */
      kubernetes: reservation.prefault({ cpu: "300m", memory: "1Gi", "ephemeral-storage": "2Gi" }),
    })
    .prefault({}),
  /** Free memory below which pods are evicted. */
  evictionMemory: bytes.default("500Mi"),
  /** Free share of a disk, in percent, below which pods are evicted. */
  evictionDiskPercent: z.int().min(1).max(50).default(10),
  maxPods: z.int().min(10).max(500).default(110),
  /** Rotation of the containers' logs (R16). */
  containerLogs: z
    .strictObject({
      /** Size at which a container's log is rotated. */
      size: bytes.default("50Mi"),
      /** Files of each container that are kept. */
      files: z.int().min(2).max(50).default(5),
    })
    .prefault({}),
  /** Whether swap is off, or pods of class Burstable may use it within their share. */
  swap: z.enum(["off", "limited"]).default("off"),
});

/** The audit log of the API servers. */
export const audit = z.strictObject({
  /** How much is written of what people and programs change; reads are written without their content. */
  changes: z.enum(["Metadata", "Request", "RequestResponse"]).default("Metadata"),
  /** Days for which files are kept. */
  days: z.int().min(1).max(3650).default(30),
  /** Files that are kept. */
  files: z.int().min(1).max(1000).default(20),
  /** Size of a file in MiB. */
  megabytes: z.int().min(1).max(10_000).default(200),
});

const level = z.enum(["privileged", "baseline", "restricted"]);

/** What API servers refuse. */
export const admission = z.strictObject({
  /** Pod Security of namespaces that have no label of their own. */
  podSecurity: z
    .strictObject({
      enforce: level.default("baseline"),
      warn: level.default("restricted"),
      audit: level.default("restricted"),
      /** Namespaces without limits. */
      exempt: z.array(name).default(["kube-system"]),
    })
    .prefault({}),
  /** Events per second that one namespace may write. */
  eventsPerNamespace: z.int().min(1).max(10_000).default(50),
});

/** Images of static pods and of Kubernetes. */
export const images = z.strictObject({
  /** Registry and path of Kubernetes' own images. */
  repository: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.:/_-]*[a-z0-9]$/, "a registry and a path, such as registry.k8s.io")
    .default("registry.k8s.io"),
  haproxy: imageName.default(balancerImages.haproxy),
  keepalived: imageName.default(balancerImages.keepalived),
});

import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ImageName } from "../../versions/images";

type Container = k8s.types.input.core.v1.Container;

/** A volume; an emptyDir must have a size limit. */
export type PodVolume = Omit<k8s.types.input.core.v1.Volume, "emptyDir"> & {
  emptyDir?: { sizeLimit: string; medium?: "Memory" };
};

/** A container of a part of the platform. */
export interface PartContainer extends Omit<Container, "image" | "resources" | "securityContext"> {
  /** Key of the image in the version table, or a full reference. */
  image: ImageName | { reference: pulumi.Input<string> };
  resources: {
    requests: Record<string, string>;
    limits: Record<string, string>;
  };
  /** Whether its root file system is writable; the reason is in `policy/exceptions.ts`. Default: false. */
  writableRoot?: boolean;
  /** Replaces the default security context. Default: that of {@link containerSecurityContext}. */
  securityContext?: k8s.types.input.core.v1.SecurityContext;
}

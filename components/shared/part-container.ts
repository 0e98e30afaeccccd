import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ImageName } from "../../versions/images";

type Container = k8s.types.input.core.v1.Container;

/** A volume; one that is emptied with its pod says how large it may become. */
export type PodVolume = Omit<k8s.types.input.core.v1.Volume, "emptyDir"> & {
  emptyDir?: { sizeLimit: string; medium?: "Memory" };
};

/** A container as a part of the platform declares it. */
export interface PartContainer extends Omit<Container, "image" | "resources" | "securityContext"> {
  /** Key of the table of images, or a whole reference. */
  image: ImageName | { reference: pulumi.Input<string> };
  resources: {
    requests: Record<string, string>;
    limits: Record<string, string>;
  };
  /** Whether its root file system can be written to; `policy/exceptions.ts` has the reason. */
  writableRoot?: boolean;
  /** Replaces the security context that every container has. */
  securityContext?: k8s.types.input.core.v1.SecurityContext;
}

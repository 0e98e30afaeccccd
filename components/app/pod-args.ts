import type { ReleaseTemplate } from "../../config";
import type { PlatformContext } from "../shared/context";
import type { NodeGroup } from "../shared/placement";

/** The values that define a pod's spec. */
export interface PodArgs {
  /** Name of the app. */
  app: string;
  /** Image tag. */
  version: string;
  /** Digest of the image. Default: the image that the tag names. */
  digest?: string;
  /** Template of the release's first deployment. */
  template: ReleaseTemplate;
  /** The node group that the template names. Default: none. */
  nodeGroup?: NodeGroup;
  /**
   * Context of the stack: the placement determines the priority of the pods, and the mirror has the images that
   * are not the app's own.
   */
  context: PlatformContext;
  /** Image pull Secret of the app's namespace. Default: none. */
  pullSecret?: string;
}

import type { ReleaseTemplate } from "../../config";
import type { PlatformContext } from "../shared/context";
import type { NodeGroup } from "../shared/placement";

/** What a pod's spec is made from. */
export interface PodArgs {
  /** Name of the app. */
  app: string;
  /** Image tag. */
  version: string;
  /** Digest of the image; what the tag names without it. */
  digest?: string;
  /** Template that the release was first deployed with. */
  template: ReleaseTemplate;
  /** The node group that the template names, if it names one. */
  nodeGroup?: NodeGroup;
  /** Its placement says how urgent the pods are; its mirror has the images that are not the app's own. */
  context: PlatformContext;
  /** Image pull secret of the app's namespace. */
  pullSecret?: string;
}

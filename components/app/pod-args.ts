import type { ReleaseTemplate } from "../../config";
import type { NodeGroup, PlacementRules } from "../shared/placement";

/** What a pod's spec is made from. */
export interface PodArgs {
  app: string;
  /** Image tag. */
  version: string;
  template: ReleaseTemplate;
  /** The node group that the template names, if it names one. */
  nodeGroup?: NodeGroup;
  /** How urgent the pods are. */
  placement?: PlacementRules;
  /** Prefix of an internal image mirror, for the images that are not the app's own. */
  imageMirror?: string;
  /** Image pull secret of the app's namespace. */
  pullSecret?: string;
}

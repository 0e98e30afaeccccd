import { selectorLabels } from "../shared/labels";

/** Name of the controller, its Service and its pods. */
export const controllerName = "jenkins";

/** Labels of the controller's pods. */
export const controllerSelector = selectorLabels(controllerName);

/** Port of Jenkins' web UI, its API, its metrics, and its agents. */
export const httpPort = 8080;

/** Namespace of the agents. */
export const agentsNamespace = "ci-agents";

/** Label of an agent's pod that names its kind. */
export const agentLabel = "platform/agent";

/** Namespace of the daemons that build images, apart from that of the agents: its pods may do more. */
export const builderNamespace = "ci-images";

/** Name of the daemons and their Service. */
export const builderName = "image-builder";

/** Port that a daemon listens on. */
export const builderPort = 1234;

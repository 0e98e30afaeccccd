import { selectorLabels } from "../shared/labels";

/** Name of the controller, its Service and its pods. */
export const controllerName = "jenkins";

/** Labels of the controller's pods. */
export const controllerSelector = selectorLabels(controllerName);

/** Port of Jenkins' web UI, API, metrics and agents. */
export const httpPort = 8080;

/** Namespace of the agents. */
export const agentsNamespace = "ci-agents";

/** Label with the agent type on an agent's pod. */
export const agentLabel = "platform/agent";

/** Namespace of the daemons that build images. It is separate from the agents' because its pods have more rights. */
export const builderNamespace = "ci-images";

/** Name of the daemons' workload and Service. */
export const builderName = "image-builder";

/** Port that a daemon listens on. */
export const builderPort = 1234;

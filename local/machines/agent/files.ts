/** Files through which the agent and its starter communicate. */
export const agentFiles = {
  /** Available images. */
  images: "images.json",
  /** Local port on which the agent serves them. */
  port: "agent.port",
};

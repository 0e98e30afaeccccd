/** Files by which the agent and those who start it tell each other what they have. */
export const agentFiles = {
  /** Which images there are. */
  images: "images.json",
  /** Port of this machine that the agent serves them on. */
  port: "agent.port",
};

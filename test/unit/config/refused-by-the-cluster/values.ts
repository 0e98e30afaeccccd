import { InvalidConfig, parseStack } from "../../../../config";

export type Value = Record<string, unknown>;

export const team = "components.tenancy.teams.commerce";

export const image = "docker.io/library/proxy:1";

export const resources = (requests: object, limits: object) => ({
  requests: { cpu: "100m", memory: "128Mi", ...requests },
  limits: { cpu: "200m", memory: "256Mi", ...limits },
});

export function errorsOf(config: Value): string {
  try {
    parseStack("test", config);
    return "";
  } catch (error) {
    if (!(error instanceof InvalidConfig)) throw error;
    return error.errors.map(({ key, message }) => `${key}: ${message}`).join("\n");
  }
}

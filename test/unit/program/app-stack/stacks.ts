import program from "../../../..";
import { record, type Recording, type World } from "../../../../render/record";

export const platformName = "organization/platform/online";

const base = {
  "platform:environment": "online",
  "platform:domain": "platform.test",
  "platform:cluster": { kubeconfig: "none", context: "none" },
  "platform:releases": { forcedCanary: false },
};

export const platformConfig = {
  ...base,
  "platform:components": {
    placement: {},
    tenancy: { teams: { commerce: { namespace: "shops" } } },
    gateway: {},
    dashboard: {},
  },
};

export const shop = {
  team: "commerce",
  domain: "shop.platform.test",
  image: "harbor.platform.test/shop/shop",
  stable: { version: "1.4.2" },
};

export const appConfig = {
  ...base,
  "platform:platformStack": platformName,
  "platform:apps": { shop },
};

export function app(
  platform: unknown,
  config: Record<string, unknown> = appConfig,
  name = platformName,
): Promise<Recording> {
  const world: World = { stackOutputs: { [name]: { platform } } };
  return record(program, "shop.online", config, world);
}

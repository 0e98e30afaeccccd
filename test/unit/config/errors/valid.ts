import assert from "node:assert/strict";
import { InvalidConfig, parseStack } from "../../../../config";

/** Returns the smallest valid config. */
export function valid(): Record<string, unknown> {
  return {
    environment: "dev",
    domain: "platform.test",
    cluster: { kubeconfig: ".kube/config", context: "dev" },
    components: { tenancy: { teams: { commerce: {} } } },
    apps: {
      shop: {
        team: "commerce",
        domain: "shop.platform.test",
        image: "harbor.platform.test/shop/shop",
        stable: { version: "1.4.2" },
      },
    },
  };
}

export function errorsOf(config: Record<string, unknown>): string[] {
  try {
    parseStack("dev", config);
    return [];
  } catch (error) {
    assert.ok(error instanceof InvalidConfig, String(error));
    return error.errors.map(({ key, message }) => `${key}: ${message}`);
  }
}

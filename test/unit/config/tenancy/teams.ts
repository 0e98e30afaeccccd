import assert from "node:assert/strict";
import { InvalidConfig, parseStack } from "../../../../config";

export type Fields = Record<string, unknown>;

export const app = (fields: Fields = {}) => ({
  team: "commerce",
  domain: "shop.platform.test",
  image: "harbor.platform.test/shop/shop",
  stable: { version: "1.4.2" },
  ...fields,
});

export function config(teams: Fields, apps: Fields = {}, others: Fields = {}): Fields {
  return {
    environment: "dev",
    domain: "platform.test",
    cluster: { kubeconfig: ".kube/config", context: "dev" },
    components: { tenancy: { teams } },
    apps,
    ...others,
  };
}

export function errorsOf(values: Fields): string[] {
  try {
    parseStack("dev", values);
    return [];
  } catch (error) {
    assert.ok(error instanceof InvalidConfig, String(error));
    return error.errors.map(({ key, message }) => `${key}: ${message}`);
  }
}

export const commerce = "platform:components.tenancy.teams.commerce";

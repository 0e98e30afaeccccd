import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { InvalidConfig, parseStack } from "../../../../config";
import { refuseClashes } from "../../../../program/neighbours";

export const platform = "organization/platform/online";

export const app = (domain: string, more: object = {}) => ({
  team: "commerce",
  domain,
  image: "harbor.platform.test/shop/shop",
  stable: { version: "1.4.2" },
  ...more,
});

/** Stack files in a folder of their own. */
export class StackFiles {
  readonly folder = mkdtempSync(join(tmpdir(), "neighbours-"));

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  /**
   * Writes the file of a stack.
   * @param platformStack undefined for a stack with its own platform.
   */
  write(name: string, apps: Record<string, unknown>, platformStack?: string): void {
    const config = {
      "platform:environment": "online",
      ...(platformStack && { "platform:platformStack": platformStack }),
      "platform:apps": apps,
    };
    writeFileSync(
      join(this.folder, `Pulumi.${name}.yaml`),
      stringify({ config }, { compat: "yaml-1.1" }),
    );
  }

  /** Returns the errors of a stack that is not written yet. */
  refused(
    name: string,
    apps: Record<string, unknown>,
    platformStack?: string,
    components?: object,
  ): string[] {
    const stack = parseStack(name, {
      environment: "online",
      domain: "platform.test",
      cluster: { kubeconfig: "none", context: "none" },
      releases: { forcedCanary: false, checkRequired: false },
      secretStores: { vault: { keys: [""] } },
      platformStack,
      components,
      apps,
    });
    try {
      refuseClashes(name, stack, this.folder);
      return [];
    } catch (error) {
      assert.ok(error instanceof InvalidConfig);
      return error.errors.map(({ key, message }) => `${key}: ${message}`);
    }
  }
}

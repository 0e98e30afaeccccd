import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parse, stringify } from "yaml";
import type { Cluster } from "../../local/cluster";
import { keepApps, keepParts, omitGatewayCrds } from "./dev-stack";

type Config = Record<string, unknown>;

/** Returns the content of a stack's file: its config, and how its secrets are encrypted. */
export function readStackFile(path: string): Config {
  if (!existsSync(path)) return {};
  return parse(readFileSync(path, "utf8")) as Config;
}

/** Replaces the config in a stack's file, with the cluster's address if the config has none. */
function writeStackFile(path: string, { kubeconfig, context }: Cluster, config: Config): void {
  const all = {
    ...readStackFile(path),
    config: { "platform:cluster": { kubeconfig, context }, ...config },
  };
  writeFileSync(path, stringify(all, { compat: "yaml-1.1" }));
}

/** The config of a test's stack, in its file. */
export class StackConfig {
  constructor(
    readonly name: string,
    readonly cluster: Cluster,
    /** Path of its file. */
    readonly configFile: string,
  ) {}

  /** The stack's config by full key. */
  config(): Config {
    return readStackFile(this.configFile)["config"] as Config;
  }

  /** Changes the stack's config. */
  edit(change: (config: Config) => void): void {
    const config = this.config();
    change(config);
    this.write(config);
  }

  /**
   * Changes the config of an app.
   * @throws AssertionError if the stack does not have it.
   */
  editApp<App extends object = Record<string, unknown>>(
    name: string,
    change: (app: App) => void,
  ): void {
    this.edit((config) => {
      const app = (config["platform:apps"] as Record<string, App>)[name];
      assert.ok(app, `stack ${this.name} has no app ${name}`);
      change(app);
    });
  }

  /** Removes all other parts of the platform to save time, together with the settings of apps that need them. */
  keepParts(...names: string[]): void {
    this.edit((config) => keepParts(config, names));
  }

  /** Leaves the CRDs of the gateway to the cluster, to save time: {@link omitGatewayCrds}. */
  omitGatewayCrds(): void {
    this.edit(omitGatewayCrds);
  }

  /** Removes all other apps to save time. */
  keepApps(...names: string[]): void {
    this.edit((config) => keepApps(config, names));
  }

  /** Writes the salt of the key that encrypts the stack's secrets. */
  protected writeSalt(encryptionsalt: string): void {
    const all = { ...readStackFile(this.configFile), encryptionsalt };
    writeFileSync(this.configFile, stringify(all, { compat: "yaml-1.1" }));
  }

  /** Replaces the stack's config. */
  write(config: Config): void {
    writeStackFile(this.configFile, this.cluster, config);
  }
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Cluster } from "../../local/cluster";
import { checkout } from "../../local/toolchain/paths";
import { ObjectStore } from "./object-store";
import { TestStack } from "./project";
import type { Keys } from "./signed";

/** Name of the bucket, as in the guide. */
export const bucket = "pulumi-state";

/** An S3 server with a bucket for state, whose policy and accounts are those of the guide. */
export class StateBucket {
  private constructor(
    readonly store: ObjectStore,
    /** Account for releases. */
    readonly release: Keys,
    /** Account for merge requests. */
    readonly preview: Keys,
  ) {}

  static async start(): Promise<StateBucket> {
    const store = await ObjectStore.start();
    try {
      const release = await store.account("platform-release");
      const preview = await store.account("platform-preview");
      await store.bucket(bucket, documentedPolicy());
      return new StateBucket(store, release, preview);
    } catch (error) {
      await store.stop();
      throw error;
    }
  }

  /**
   * Returns a stack with its state in the bucket, and the account for releases.
   * @param config what it declares in addition to environment, domain and cluster.
   * @param neighbor a stack with files in the same folder.
   */
  stack(name: string, cluster: Cluster, config: object, neighbor?: TestStack): TestStack {
    const backend = this.store.backend(bucket, this.release);
    const stack = new TestStack(name, cluster, undefined, neighbor?.folder, backend);
    stack.edit((values) => {
      const { "platform:cluster": cluster_ } = values;
      for (const key of Object.keys(values)) delete values[key];
      const common = { "platform:environment": "dev", "platform:domain": "dev.platform.test" };
      Object.assign(values, { ...common, "platform:cluster": cluster_, ...config });
    });
    return stack;
  }

  /** Runs an action on a stack with another account. */
  as<Result>(stack: TestStack, keys: Keys, work: () => Promise<Result>): Promise<Result> {
    return stack.withVariables(this.store.backend(bucket, keys).environment, work);
  }
}

/** Returns the policy of the guide, for the accounts of a test's server. */
function documentedPolicy(): object {
  const text = readFileSync(join(checkout, "docs", "state.md"), "utf8");
  const [, policy = ""] = /^```json\n(.*?)^```$/ms.exec(text) ?? [];
  return JSON.parse(policy.replaceAll(/arn:aws:iam::\d+:user\//g, "")) as object;
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Cluster } from "../../local/cluster";
import { checkout } from "../../local/toolchain/paths";
import { ObjectStore } from "./object-store";
import { TestStack } from "./project";
import type { Keys } from "./signed";

/** The bucket's name, as the guide has it. */
export const bucket = "pulumi-state";

/** An S3 server with a bucket for state, whose policy and accounts are those of the guide. */
export class StateBucket {
  private constructor(
    readonly store: ObjectStore,
    /** Account that releases. */
    readonly release: Keys,
    /** Account of merge requests. */
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
   * A stack with its state in the bucket, of the account that releases.
   * @param config what it declares, beside environment, domain and cluster.
   * @param beside a stack that has its files in the same folder.
   */
  stack(name: string, cluster: Cluster, config: object, beside?: TestStack): TestStack {
    const backend = this.store.backend(bucket, this.release);
    const stack = new TestStack(name, cluster, undefined, beside?.folder, backend);
    stack.edit((values) => {
      const { "platform:cluster": cluster_ } = values;
      for (const key of Object.keys(values)) delete values[key];
      const common = { "platform:environment": "dev", "platform:domain": "dev.platform.test" };
      Object.assign(values, { ...common, "platform:cluster": cluster_, ...config });
    });
    return stack;
  }

  /** Does something with a stack as another account. */
  as<Result>(stack: TestStack, keys: Keys, work: () => Promise<Result>): Promise<Result> {
    return stack.having(this.store.backend(bucket, keys).environment, work);
  }
}

/** The policy that the guide gives, for accounts of a server of a test. */
function documentedPolicy(): object {
  const text = readFileSync(join(checkout, "docs", "state.md"), "utf8");
  const [, policy = ""] = /^```json\n(.*?)^```$/ms.exec(text) ?? [];
  return JSON.parse(policy.replaceAll(/arn:aws:iam::\d+:user\//g, "")) as object;
}

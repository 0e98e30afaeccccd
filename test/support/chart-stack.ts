import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Cluster } from "../../local/cluster";
import { checkout } from "../../local/toolchain/paths";
import { TestStack, type Ended } from "./project";

/** The parts in a stack's config. */
type Components = Record<string, Record<string, Record<string, unknown>>>;

/** A stack with only teams, charts and manifests. */
export class ChartStack extends TestStack {
  constructor(name: string, cluster: Cluster) {
    super(name, cluster);
    this.keepParts("tenancy");
    this.edit((config) => {
      delete config["platform:apps"];
      delete config["platform:nodeGroups"];
    });
  }

  /** Changes the parts. */
  components(change: (components: Components) => void): void {
    this.edit((config) => change(config["platform:components"] as Components));
  }

  /** Runs `npx platform charts`. */
  charts(verb: string, ...names: string[]): Promise<Ended> {
    const args = [verb, "$STACK", ...names, "--config-dir", this.folder].join(" ");
    return this.shell(`node bin/bundle.cjs cli/charts/index.ts ${args}`);
  }

  override remove(): void {
    super.remove();
    rmSync(join(checkout, "rendered", this.name), { recursive: true, force: true });
  }
}

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { newAppText } from "../../../cli/apps/new-text";
import { checkout } from "../../../local/toolchain/paths";
import type { Series } from "../../support/alerts/case";
import { MonitoringTools } from "../../support/promtool";

/** The example of a worker in the config of the dev stack. */
interface Config {
  config: { "platform:apps": { mailer: { check: { queries: { failed: { query: string } } } } } };
}

describe("the example of a query for the check of a worker", () => {
  const tools = new MonitoringTools();
  after(() => tools.remove());
  const stack = parse(readFileSync(join(checkout, "Pulumi.dev.yaml"), "utf8")) as Config;
  const { query } = stack.config["platform:apps"].mailer.check.queries.failed;
  const values: Record<string, string> = {
    ...{ namespace: "commerce-dev", release: "mailer-1-5-0", window: "600s" },
  };
  const expr = query.replaceAll(/\$(\w+)/g, (_, name: string) => values[name] ?? "");
  const failed = (pod: string, reason: string, release = "mailer-1-5-0") =>
    `mails_failed_total{namespace="commerce-dev",release="${release}",pod="${pod}",reason="${reason}"}`;

  async function gives(series: Series, value: number): Promise<void> {
    const samples = [{ labels: "{}", value }];
    await tools.test([], [{ situation: { series, at: "20m" }, query: { expr, samples } }]);
  }

  it("counts failures of a reason that never occurred before, and of a pod that is new", () =>
    gives({ [failed("a", "timeout")]: "_x15 4x60", [failed("b", "refused")]: "_x14 3x60" }, 7));

  it("counts the increase of the others, and nothing of another release", () =>
    gives(
      {
        [failed("a", "timeout")]: "50+1x60",
        [failed("a", "refused")]: "70x60",
        [failed("c", "timeout", "mailer-1-4-2")]: "0+9x60",
      },
      10,
    ));

  it("is that of the guide, and of a new worker's file", () => {
    const text = (of: string) => of.replaceAll(/\s+/g, " ");
    const guide = text(readFileSync(join(checkout, "docs/guides/kinds-of-apps.md"), "utf8"));
    assert.ok(guide.includes(text(query)), query);
    const name = { app: "mailer", kind: "worker", team: "commerce", image: "i", preset: "node" };
    const file = newAppText(name as Parameters<typeof newAppText>[0]);
    // Each line of a key that is not set begins with a number sign.
    const jobs = text(query).replaceAll("mails_", "jobs_");
    assert.ok(text(file.replaceAll(/^ *#/gm, "")).includes(jobs), file);
  });
});

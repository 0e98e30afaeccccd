import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { ruleFiles } from "../../components/monitoring/rules";
import { binary } from "../../local/toolchain/install";
import { run } from "../../local/toolchain/run";
import { watched, type Situation } from "./alerts/case";

/** A rule test of promtool, restricted to the fields that are used here. */
export interface RuleTest {
  situation: Situation;
  /** A query, and the labels and values of its result. */
  query?: { expr: string; samples: { labels: string; value: number }[] };
  /** An alert, and its expected instances. */
  alert?: { name: string; alerts: { exp_labels: object; exp_annotations: object }[] };
  /** Time between two values of a series. Default: `1m`. */
  interval?: string;
}

/** The real tools of monitoring, in a separate folder. */
export class MonitoringTools {
  readonly folder = mkdtempSync(join(tmpdir(), "monitoring-"));

  /** Writes a file and returns its path. */
  write(name: string, text: string): string {
    const file = join(this.folder, name);
    writeFileSync(file, text);
    return file;
  }

  /** Writes the rule files of a stack with every part and returns their paths. */
  writeRules(): string[] {
    return Object.entries(ruleFiles(watched)).map(([name, text]) => this.write(name, text));
  }

  /**
   * Writes the rule file of apps and returns its path. It has every recording rule; evaluating all the other files'
   * alerts as well takes most of a test's time.
   */
  writeAppRules(): string[] {
    const recording = Object.entries(ruleFiles(watched)).filter(([, text]) =>
      text.includes("record: "),
    );
    assert.deepEqual(
      recording.map(([name]) => name),
      ["apps.yaml"],
    );
    return recording.map(([name, text]) => this.write(name, text));
  }

  /**
   * Runs promtool.
   * @throws CommandFailed if it finds an error.
   */
  promtool(...args: string[]): Promise<string> {
    return run(binary("promtool"), args, { cwd: this.folder });
  }

  /**
   * Runs amtool.
   * @throws CommandFailed if it finds an error.
   */
  amtool(...args: string[]): Promise<string> {
    return run(binary("amtool"), args, { cwd: this.folder });
  }

  /**
   * Evaluates rule files with given series.
   * @param evaluation time between two evaluations of the rules.
   * @throws CommandFailed if a result differs.
   */
  async test(ruleFiles: string[], tests: RuleTest[], evaluation = "1m"): Promise<void> {
    const content = {
      rule_files: ruleFiles,
      evaluation_interval: evaluation,
      fuzzy_compare: true,
      tests: tests.map(testModel),
    };
    await this.promtool("test", "rules", this.write("test.yaml", stringify(content)));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function testModel({ situation, query, alert, interval = "1m" }: RuleTest): object {
  const eval_time = situation.at;
  return {
    interval,
    input_series: Object.entries(situation.series).map(([series, values]) => ({ series, values })),
    promql_expr_test:
      query === undefined ? [] : [{ expr: query.expr, eval_time, exp_samples: query.samples }],
    alert_rule_test:
      alert === undefined ? [] : [{ alertname: alert.name, eval_time, exp_alerts: alert.alerts }],
  };
}

/** Returns the series with which Prometheus marks a firing alert. */
export function firing(alert: string, labels: Record<string, string>): string {
  const all = { alertname: alert, alertstate: "firing", ...labels };
  const pairs = Object.entries(all).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return `ALERTS{${pairs.join(",")}}`;
}

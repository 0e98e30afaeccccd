import assert from "node:assert/strict";
import { parseStack } from "../../../config";
import { errorsIn } from "./errors-of";

describe("invalid sizes", () => {
  const expected = "expected a size as a whole number of Ki, Mi, Gi or Ti, for example 256Mi";
  const cases: [size: string, advice: string][] = [
    ["5", ""],
    ["512", ""],
    ["0Gi", ""],
    ["-1Gi", ""],
    ["512m", ""],
    ["1.5Gi", "; write 1536Mi"],
    ["512M", "; write 500000Ki"],
    ["1Pi", "; write 1024Ti"],
  ];
  for (const [size, advice] of cases) {
    it(`are refused with their key, and nothing compares them: ${size}`, () => {
      const amounts = (memory: string) => ({ cpu: "1", memory });
      const resources = { requests: amounts(size), limits: amounts("1Gi") };
      const errors = errorsIn(() =>
        parseStack("dev", {
          environment: "dev",
          domain: "platform.test",
          cluster: { kubeconfig: "none", context: "none" },
          components: { monitoring: { grafana: { resources } } },
        }),
      );
      const key = "platform:components.monitoring.grafana.resources.requests.memory";
      assert.deepEqual(errors, [`${key}: ${expected}, got "${size}"${advice}`]);
    });
  }
});

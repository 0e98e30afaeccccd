import assert from "node:assert/strict";
import { parseStack } from "../../../config";
import { errorsIn } from "./errors-of";

describe("invalid sizes", () => {
  it("are refused with their key, and nothing compares them", () => {
    const amounts = (memory: string) => ({ cpu: "1", memory });
    const resources = { requests: amounts("5"), limits: amounts("1Gi") };
    const errors = errorsIn(() =>
      parseStack("dev", {
        environment: "dev",
        domain: "platform.test",
        cluster: { kubeconfig: "none", context: "none" },
        components: { monitoring: { grafana: { resources } } },
      }),
    );
    const key = "platform:components.monitoring.grafana.resources.requests.memory";
    assert.deepEqual(errors, [
      `${key}: expected a size with the unit Ki, Mi, Gi or Ti, for example 256Mi, got "5"`,
    ]);
  });
});

import assert from "node:assert/strict";
import { Package } from "../../../components/charts";
import { objectRules } from "../../../policy/rules";
import { declare } from "../../support/declare";
import { container, workload } from "./objects";
import { podExamples } from "./examples/pods";

const policy = { environment: "dev" as const, nodePorts: { min: 30_000, max: 32_767 } };

/** Pods as many charts have them: a Secret in a variable, probes alike but for their period, and a volume. */
const ofChart = workload({
  securityContext: { fsGroup: 1000 },
  volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }],
  containers: [
    container({
      livenessProbe: { tcpSocket: { port: 80 }, periodSeconds: 5 },
      readinessProbe: { tcpSocket: { port: 80 } },
      env: [{ name: "PASSWORD", valueFrom: { secretKeyRef: { name: "shop", key: "password" } } }],
    }),
  ],
});

describe("rules about how this program builds pods", () => {
  for (const id of ["secretEnvironment", "volumeOwners", "distinctProbes"]) {
    const rule = objectRules.find((each) => each.id === id)!;

    it(`${id} applies to parts of the platform`, () => {
      assert.ok(podExamples[id]!.fails.some(([objects]) => rule.check(objects, policy).length > 0));
    });

    it(`${id} exempts charts with the labels that they are declared with`, async () => {
      const { objects } = await declare((provider) => {
        const context = { environment: "dev" };
        new Package("notes", { context, objects: [ofChart] }, { provider });
      });
      assert.equal(objects.length, 1);
      assert.equal(objects[0]?.metadata.labels?.["app.kubernetes.io/managed-by"], "pulumi");
      assert.deepEqual(rule.check(objects, policy), []);
    });
  }
});

import assert from "node:assert/strict";
import type * as k8s from "@pulumi/kubernetes";
import { at } from "../../../support/declare";
import { jenkins, podOf, containerOf } from "./declared";

describe("builders of images", () => {
  it("reach packages and base images, but neither the API server nor a node's credentials", async () => {
    const { podSelector, policyTypes, egress } = at(
      (await jenkins()).object("NetworkPolicy", "image-builder"),
      "spec",
    ) as k8s.types.output.networking.v1.NetworkPolicySpec;
    assert.deepEqual(
      [podSelector.matchLabels["app.kubernetes.io/name"], policyTypes],
      ["image-builder", ["Ingress", "Egress"]],
    );
    assert.ok(egress.length > 0);
    for (const { to, ports } of egress) {
      for (const { ipBlock } of to ?? []) {
        if (ipBlock === undefined) continue;
        const dns = ipBlock.cidr === "169.254.20.10/32";
        const except = dns ? undefined : ["169.254.0.0/16", "100.100.100.200/32"];
        assert.deepEqual(ipBlock.except, except, ipBlock.cidr);
        assert.deepEqual(
          ports?.map(({ port, endPort }) => endPort ?? port),
          dns ? [53, 53] : [80, 443, 32_767],
        );
      }
    }
  });

  it("are as many as configured, and keep an agent on the daemon whose cache it filled", async () => {
    const { object, names } = await jenkins({ builder: { replicas: 3, cache: "7Gi" } });
    const builders = object("StatefulSet", "image-builder");
    assert.equal(at(builders, "spec.replicas"), 3);
    assert.equal(at(builders, "spec.serviceName"), "image-builder-pods");
    assert.deepEqual(names("PodDisruptionBudget"), ["image-builder"]);
    assert.equal(at(object("Service", "image-builder"), "spec.sessionAffinity"), "ClientIP");
    assert.equal(at(object("Service", "image-builder-pods"), "spec.clusterIP"), "None");
  });

  it("build without root, in their own user namespace", async () => {
    const builders = (await jenkins()).object("StatefulSet", "image-builder");
    const container = containerOf(builders, "buildkitd");
    assert.equal(podOf(builders).securityContext?.runAsUser, 1000);
    assert.equal(container.securityContext?.privileged, undefined);
    assert.deepEqual(container.securityContext?.capabilities, {
      drop: ["ALL"],
      add: ["SETGID", "SETUID"],
    });
  });

  it("are all pruned once a day", async () => {
    const cleanup = (await jenkins({ builder: { replicas: 2 } })).object(
      "CronJob",
      "image-cleanup",
    );
    assert.equal(at(cleanup, "spec.schedule"), "30 2 * * *");
    assert.deepEqual(containerOf(cleanup, "prune").command?.slice(4), [
      "tcp://image-builder-0.image-builder-pods.ci-images.svc:1234",
      "tcp://image-builder-1.image-builder-pods.ci-images.svc:1234",
    ]);
  });
});

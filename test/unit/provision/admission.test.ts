import assert from "node:assert/strict";
import { parseAllDocuments } from "yaml";
import { planOf, readCluster } from "../../../provision";

interface Argument {
  name: string;
  value: string;
}

describe("the API servers of a plan", () => {
  it("admit no Service that gets connections to other addresses", () => {
    const path = "control-1/files/etc/kubernetes/kubeadm.yaml";
    const { text = "" } = planOf(readCluster("prod")).find((file) => file.path === path) ?? {};
    const documents = parseAllDocuments(text).map(
      (document) => document.toJS() as { kind: string; apiServer?: { extraArgs: Argument[] } },
    );
    const { apiServer } = documents.find(({ kind }) => kind === "ClusterConfiguration") ?? {};
    assert.deepEqual(
      apiServer?.extraArgs.find(({ name }) => name === "enable-admission-plugins")?.value,
      "NodeRestriction,EventRateLimit,DenyServiceExternalIPs",
    );
  });
});

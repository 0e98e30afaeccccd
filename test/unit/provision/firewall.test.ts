import assert from "node:assert/strict";
import { firewallFile } from "../../../provision/firewall";
import type { Cluster } from "../../../provision/read";

describe("the firewall of a machine", () => {
  const machine = { role: "worker", address: "10.0.0.2" } as const;

  function sshFrom(...ssh: string[]): string | undefined {
    const cluster = {
      network: {
        machines: "10.0.0.0/24",
        pods: "10.1.0.0/16",
        plugin: { name: "other", ports: [] },
      },
      firewall: { ssh, api: [], nodePorts: [], open: [] },
      endpoint: { type: "other" },
      machines: {},
    } as unknown as Cluster;
    const { text } = firewallFile(cluster, machine as never);
    return /ip saddr (.*) tcp dport 22 /.exec(text)?.[1];
  }

  it("names no range that another one contains, because nft rejects overlaps", () => {
    assert.equal(sshFrom("10.0.0.0/8", "10.2.0.0/16", "10.3.0.7/32"), "10.0.0.0/8");
    assert.equal(sshFrom("10.2.0.0/16", "10.3.0.0/16"), "{ 10.2.0.0/16, 10.3.0.0/16 }");
  });

  it("names an address once, with or without its prefix", () => {
    assert.equal(sshFrom("10.3.0.7/32", "10.3.0.7"), "10.3.0.7/32");
    assert.equal(sshFrom("10.3.0.7", "10.3.0.7/32"), "10.3.0.7");
  });
});

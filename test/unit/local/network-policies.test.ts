import assert from "node:assert/strict";
import type { V1NetworkPolicy, V1Pod } from "@kubernetes/client-node";
import { ruleset } from "../../../local/machines/agent/policies";

const namespaces = ["shop", "news"].map((name) => ({
  metadata: { name, labels: { "kubernetes.io/metadata.name": name } },
}));

describe("network policies on real nodes", () => {
  it("do not affect pods that no policy selects", () => {
    assert.doesNotMatch(rules([pod("a", "shop", "10.0.0.1")], []), /jump|drop/);
  });

  it("refuse everything if a policy selects a pod and allows nothing", () => {
    const text = rules(
      [pod("a", "shop", "10.0.0.1")],
      [policy("shop", { podSelector: {}, policyTypes: ["Ingress"] })],
    );
    assert.match(text, /chain ingress-0 \{\ncounter drop\n\}/);
    assert.match(text, /ip daddr 10\.0\.0\.1 jump ingress-0/);
    assert.doesNotMatch(text, /egress-0/);
  });

  it("allow peers by namespace and label, on their ports only", () => {
    const text = rules(
      [pod("a", "shop", "10.0.0.1"), pod("b", "news", "10.0.0.2"), pod("c", "shop", "10.0.0.3")],
      [
        policy("shop", {
          podSelector: { matchLabels: { app: "a" } },
          policyTypes: ["Ingress"],
          ingress: [
            {
              _from: [
                {
                  namespaceSelector: {
                    matchLabels: { "kubernetes.io/metadata.name": "news" },
                  },
                  podSelector: { matchLabels: { app: "b" } },
                },
              ],
              ports: [{ port: "http" }, { port: 9000, endPort: 9010 }],
            },
          ],
        }),
      ],
    );
    assert.match(text, /^ip saddr \{ 10\.0\.0\.2 \} tcp dport 8080 return$/m);
    assert.match(text, /^ip saddr \{ 10\.0\.0\.2 \} tcp dport 9000-9010 return$/m);
    assert.doesNotMatch(text, /10\.0\.0\.3/);
  });

  it("allow the same peers whether their policy was listed or watched, although the client renames a field only in lists", () => {
    const pods = [pod("a", "shop", "10.0.0.1"), pod("b", "news", "10.0.0.2")];
    const peers = [
      { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "news" } } },
    ];
    const text = (rule: object) =>
      rules(pods, [
        policy("shop", {
          podSelector: {},
          policyTypes: ["Ingress"],
          ingress: [{ ...rule, ports: [{ port: 8080 }] }],
        }),
      ]);
    assert.match(text({ from: peers }), /^ip saddr \{ 10\.0\.0\.2 \} tcp dport 8080 return$/m);
    assert.equal(text({ from: peers }), text({ _from: peers }));
  });

  it("resolve a named port on the pods that accept the connection", () => {
    const text = rules(
      [pod("a", "shop", "10.0.0.1"), pod("b", "shop", "10.0.0.2", 8081)],
      [
        policy("shop", {
          podSelector: { matchLabels: { app: "a" } },
          policyTypes: ["Egress"],
          egress: [{ to: [{ podSelector: {} }], ports: [{ port: "http" }] }],
        }),
      ],
    );
    assert.match(text, /^ip daddr \{ 10\.0\.0\.1 \} tcp dport 8080 return$/m);
    assert.match(text, /^ip daddr \{ 10\.0\.0\.2 \} tcp dport 8081 return$/m);
  });

  it("exclude the exceptions of a block of addresses", () => {
    const text = rules(
      [pod("a", "shop", "10.0.0.1")],
      [
        policy("shop", {
          podSelector: {},
          policyTypes: ["Egress"],
          egress: [{ to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.169.254/32"] } }] }],
        }),
      ],
    );
    assert.match(text, /^ip daddr 0\.0\.0\.0\/0 ip daddr != \{ 169\.254\.169\.254\/32 \} return$/m);
  });

  it("ignore pods on the host network, and ended ones", () => {
    const host = pod("a", "shop", "10.0.0.1");
    host.spec = { ...host.spec, containers: [], hostNetwork: true };
    const ended = pod("b", "shop", "10.0.0.2");
    ended.status = { ...ended.status, phase: "Succeeded" };
    const text = rules(
      [host, ended],
      [policy("shop", { podSelector: {}, policyTypes: ["Ingress", "Egress"] })],
    );
    assert.doesNotMatch(text, /jump/);
  });
});

function rules(pods: V1Pod[], policies: V1NetworkPolicy[]): string {
  return ruleset({ pods, namespaces, policies });
}

function pod(app: string, namespace: string, podIP: string, port = 8080): V1Pod {
  return {
    metadata: { name: app, namespace, labels: { app } },
    spec: { containers: [{ name: app, ports: [{ name: "http", containerPort: port }] }] },
    status: { podIP, phase: "Running" },
  };
}

function policy(namespace: string, spec: V1NetworkPolicy["spec"]): V1NetworkPolicy {
  return { metadata: { name: "some", namespace }, spec };
}

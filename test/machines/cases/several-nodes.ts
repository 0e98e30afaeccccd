import assert from "node:assert/strict";
import { failureOf } from "../../support/rendered";
import { ask } from "../../e2e/support/load";
import type { Target } from "../../e2e/support/send";
import { isReady, type Pod, type RealStack } from "../support/stack";
import { until } from "../../support/until";

/** Names of the nodes. */
export const nodeNames = ["machine-0", "machine-1"];

/** Returns the pods whose names begin with a prefix. */
export async function podsNamed(real: RealStack, prefix: string): Promise<Pod[]> {
  return (await real.pods()).filter(({ metadata }) => metadata.name.startsWith(prefix));
}

/** Services and network policies between the pods of different nodes. */
export function severalNodes(real: () => RealStack, target: (node: string) => Target): void {
  /** Returns the nodes of the pods that answer requests to Services, by what they answer: their names. */
  const nodesOf = async (answers: readonly string[]) => {
    const pods = await real().pods();
    const found = answers.map((text) => {
      const [name] = text.split(" ");
      return pods.find(({ metadata }) => metadata.name === name)?.spec.nodeName;
    });
    return [...new Set(found)].sort();
  };

  it("has every pod ready, and the two pods of a workload on different nodes", async () => {
    await until("every pod is ready", 180, async () => (await real().pods()).every(isReady));
    for (const name of ["shop-1-4-2", "news-2-0-1", "traefik-", "coredns-", "otel-agent-"]) {
      const nodes = (await podsNamed(real(), name)).map(({ spec }) => spec.nodeName);
      assert.deepEqual([...new Set(nodes)].sort(), nodeNames, name);
    }
  });

  it("brings requests to each node's port to the pods of both", async () => {
    for (const node of nodeNames) {
      const { byRelease, failed } = await ask(target(node), 100, 2);
      assert.deepEqual(failed, []);
      assert.deepEqual(await nodesOf(Object.keys(byRelease)), nodeNames);
    }
  });

  it("lets a pod of each node reach the pods of both through a Service that it may call", async () => {
    const url = "http://shop-stable.commerce-dev.svc/";
    const once = `fetch("${url}", {headers: {connection: "close"}}).then((it) => it.text())`;
    const all = `(async () => { for (let i = 0; i < 40; i++) process.stdout.write(await ${once}); })()`;
    for (const { metadata } of await podsNamed(real(), "clerk-")) {
      const text = await real().exec(metadata.namespace, metadata.name, "node", "-e", all);
      const lines = text.split("\n").filter((line) => line !== "");
      assert.equal(lines.length, 40, text);
      assert.deepEqual(await nodesOf(lines), nodeNames, metadata.name);
    }
  });

  it("allows and refuses connections alike on one node and between two", async () => {
    const connections: string[] = [];
    for (const to of await podsNamed(real(), "shop-1-4-2")) {
      for (const from of [
        ...(await podsNamed(real(), "clerk-")),
        ...(await podsNamed(real(), "news-")),
      ]) {
        const program = `require("net").connect(8080, "${to.status.podIP}").setTimeout(2000, () => process.exit(2)).on("connect", () => process.exit(0)).on("error", () => process.exit(1))`;
        const { name, namespace } = from.metadata;
        const failure = await failureOf(real().exec(namespace, name, "node", "-e", program));
        if (failure !== "") assert.match(failure, /exit code [12]$/m);
        const [app = ""] = name.split("-");
        const where = from.spec.nodeName === to.spec.nodeName ? "same node" : "other node";
        connections.push(`${app}, ${where}: ${failure === "" ? "allowed" : "refused"}`);
      }
    }
    // Two pods of the called app, and one of each calling app on each node.
    assert.deepEqual(connections.sort(), [
      ...Array<string>(2).fill("clerk, other node: allowed"),
      ...Array<string>(2).fill("clerk, same node: allowed"),
      ...Array<string>(2).fill("news, other node: refused"),
      ...Array<string>(2).fill("news, same node: refused"),
    ]);
  });
}

import assert from "node:assert/strict";
import { entryPointPorts } from "../../../components/gateway/traefik-arguments";
import { failureOf, kubectl } from "../../support/rendered";
import { isReady, type Pod, type RealStack } from "../support/stack";
import { until } from "../../support/until";

/** Which pods can connect to which, by the stack's network policies. */
export function connections(real: () => RealStack): void {
  const podNamed = async (name: string): Promise<Pod> => {
    const found = (await real().pods()).find((pod) => pod.metadata.name.startsWith(name));
    assert.ok(found, name);
    return found;
  };
  const reaches = async (from: string, to: string, port: number) => {
    const { metadata } = await podNamed(from);
    const { status } = await podNamed(to);
    const program = `require("net").connect(${port}, "${status.podIP}").setTimeout(2000, () => process.exit(2)).on("connect", () => process.exit(0)).on("error", () => process.exit(1))`;
    const failure = await failureOf(
      real().exec(metadata.namespace, metadata.name, "node", "-e", program),
    );
    if (failure === "") return true;
    // 2: nothing came back; 1: something refused.
    assert.match(failure, /exit code [12]$/m);
    return false;
  };

  it("lets Prometheus read metrics, and refuses connections that the policies do not allow", async () => {
    assert.equal(await reaches("shop-1-4-2", "news-2-0-1", 8080), false);
    assert.equal(await reaches("shop-1-4-2", "kafka-0", 9092), false);
    assert.equal(await reaches("shop-1-4-2", "shop-1-5-0", 8080), true);
    // Its config names commerce/shop among what it calls.
    assert.equal(await reaches("orders-3-1-0", "shop-1-4-2", 8080), true);
    assert.equal(await reaches("news-2-0-1", "shop-1-4-2", 8080), false);
  });

  it("refuses connections from a pod that no policy isolates", async () => {
    const [image = ""] = Object.keys(real().machines.index.apps).filter((it) => /shop$/.test(it));
    const started = ["--command", "--", "node", "-e", "setInterval(() => {}, 60000)"];
    const place = ["stranger", "-n", "default"];
    await kubectl(real().cluster, "run", ...place, `--image=${image}:1.4.2`, ...started);
    try {
      await until("its container runs", 60, async () =>
        (await real().pods()).some((pod) => pod.metadata.name === "stranger" && isReady(pod)),
      );
      // Clients come from anywhere.
      assert.equal(await reaches("stranger", "traefik-", entryPointPorts.web), true);
      assert.equal(await reaches("stranger", "kafka-0", 9092), false);
      assert.equal(await reaches("stranger", "shop-1-4-2", 8080), false);
    } finally {
      await kubectl(real().cluster, "delete", "pod", ...place, "--wait=false");
    }
  });
}

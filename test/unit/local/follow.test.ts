import assert from "node:assert/strict";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { CoreV1Api, KubeConfig, type V1ConfigMap } from "@kubernetes/client-node";
import { follow } from "../../../local/cluster/simulator/follow";
import { LatestOnly } from "../../../local/cluster/simulator/latest-only";
import { until } from "../../support/until";

const state = (resourceVersion: string): V1ConfigMap => ({
  metadata: { name: "shop", namespace: "commerce", uid: "1", resourceVersion },
});

const versionOf = ({ metadata }: V1ConfigMap) => metadata?.resourceVersion ?? "";

describe("the newest state of an object", () => {
  it("is handled after the previous calls, skipping the states in between", async () => {
    const [began, ended]: [string[], string[]] = [[], []];
    const objects = new LatestOnly<V1ConfigMap>(
      async (object) => {
        began.push(versionOf(object));
        await sleep(object.metadata?.resourceVersion === "1" ? 30 : 0);
        ended.push(versionOf(object));
      },
      1,
      () => assert.fail(),
    );
    for (const version of ["1", "2", "3", "3"]) objects.take(state(version));
    await until("two calls ended", 20, () => ended.length === 2, 5);
    await sleep(10);
    assert.deepEqual(
      [began, ended],
      [
        ["1", "3"],
        ["1", "3"],
      ],
    );
  });

  it("is handled again after a failure, unless the object is deleted or newer", async () => {
    const [handled, failed]: [string[], string[]] = [[], []];
    const objects = new LatestOnly<V1ConfigMap>(
      (object) => {
        handled.push(versionOf(object));
        return handled.length < 4 ? Promise.reject(new Error("busy")) : Promise.resolve();
      },
      10,
      (object) => failed.push(versionOf(object)),
    );
    objects.take(state("1"));
    await until("it is handled again", 20, () => handled.length === 2, 5);
    objects.take(state("2"));
    await until("the newer state is handled", 20, () => handled.length === 3, 5);
    objects.drop(state("2"));
    await sleep(30);
    assert.deepEqual(
      [handled, failed],
      [
        ["1", "1", "2"],
        ["1", "1", "2"],
      ],
    );
  });
});

/** A server whose watches are open and silent, as one that lost its watch cache: no real one can be made to do so. */
describe("followed objects", () => {
  let server: Server;
  let stop: (() => void) | undefined;
  let listed: V1ConfigMap[] = [];
  let lists = 0;
  let fails = false;
  const watches: ServerResponse[] = [];

  before(async () => {
    server = createServer((request, response) => {
      response.setHeader("Content-Type", "application/json");
      if (fails && request.url?.includes("watch=true")) {
        response.writeHead(500).end("{}");
      } else if (request.url?.includes("watch=true")) {
        watches.push(response);
        response.flushHeaders();
      } else {
        lists += 1;
        response.end(JSON.stringify({ items: listed, metadata: { resourceVersion: "1" } }));
      }
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterEach(() => stop?.());
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const start = (handle: (object: V1ConfigMap) => unknown) => {
    const config = new KubeConfig();
    const { port } = server.address() as AddressInfo;
    config.loadFromClusterAndUser(
      { name: "silent", server: `http://127.0.0.1:${port}`, skipTLSVerify: true },
      { name: "anonymous" },
    );
    stop = follow<V1ConfigMap>(
      config,
      "/api/v1/configmaps",
      () => config.makeApiClient(CoreV1Api).listConfigMapForAllNamespaces(),
      (object) => Promise.resolve(void handle(object)),
      0.1,
    );
  };

  it("are listed again if a watch reports nothing, and handled once for each state", async () => {
    const handled: string[] = [];
    listed = [state("1")];
    start((object) => handled.push(versionOf(object)));
    await until("a second watch is open", 20, () => watches.length > 1, 5);
    listed = [state("2")];
    await until("the second state is handled", 20, () => handled.length > 1, 5);
    assert.deepEqual(handled, ["1", "2"]);
  });

  it("are listed after a pause if a watch is refused", async () => {
    [lists, fails] = [0, true];
    start(() => undefined);
    await until("they are listed", 20, () => lists > 0, 5);
    await sleep(300);
    assert.equal(lists, 1);
  });
});

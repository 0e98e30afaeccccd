import assert from "node:assert/strict";
import { createServer, type Server } from "node:net";
import { reservePorts, type ReservedPorts } from "../../../local/cluster/ports";

describe("the ports of a cluster that starts", () => {
  const open: ReservedPorts[] = [];
  const taken: Server[] = [];
  afterEach(async () => {
    for (const reserve of open.splice(0)) await reserve.release();
    for (const server of taken.splice(0)) server.close();
  });

  async function reserved(): Promise<number[]> {
    const one = await reservePorts();
    open.push(one);
    return Object.values(one.ports);
  }

  it("are its own, however many start at the same time", async () => {
    const all = (await Promise.all([1, 2, 3, 4].map(reserved))).flat();
    assert.equal(all.length, 28);
    assert.equal(new Set(all).size, all.length);
    // Linux uses ports from 32768 for outgoing connections.
    assert.ok(all.every((port) => port > 20_000 && port < 32_768));
  });

  it("are free, and usable while they are reserved", async () => {
    const first = await reserved();
    for (const port of first) await listen(port);
    await open.pop()?.release();
    const second = await reserved();
    assert.deepEqual(
      second.filter((port) => first.includes(port)),
      [],
    );
  });

  it("can be reserved again when they are released and nobody listens", async () => {
    const first = await reserved();
    await open.pop()?.release();
    assert.deepEqual(await reserved(), first);
  });

  function listen(port: number): Promise<void> {
    const server = createServer();
    taken.push(server);
    return new Promise((resolve, reject) => {
      server.on("error", reject).listen(port, "127.0.0.1", resolve);
    });
  }
});

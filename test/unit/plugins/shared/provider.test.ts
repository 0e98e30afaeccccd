import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import * as grpc from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { toDiffResponse } from "../../../../local/plugins/shared/provider";
import { engineAddress } from "../../../../local/plugins/shared/serve";
import { fromStruct, Secret, toStruct } from "../../../../local/plugins/shared/values";
import { pluginCommand, startPlugin } from "./plugin-process";

type Call<Request, Response> = (
  request: Request,
  callback: (error: grpc.ServiceError | null, response: Response) => void,
) => grpc.ClientUnaryCall;

/** The plugin is started with the launcher's command, which takes a moment. */
const START_TIMEOUT = 20_000;

async function listening(address: string): Promise<boolean> {
  const [host, port] = address.split(":");
  const socket = connect(Number(port), host);
  try {
    return await Promise.race([
      once(socket, "connect").then(() => true),
      once(socket, "error").then(() => false),
    ]);
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

describe("a provider process", function () {
  this.timeout(START_TIMEOUT);

  it("responds to the engine's calls, and ends on SIGINT", async () => {
    const { process: child, address } = await startPlugin([
      ...pluginCommand("resource-random"),
      "127.0.0.1:1",
    ]);
    const client = new ResourceProviderClient(address, grpc.credentials.createInsecure());
    const call = <Request, Response>(method: Call<Request, Response>, request: Request) =>
      new Promise<Response>((resolve, reject) =>
        method.call(client, request, (error, response) =>
          error ? reject(error) : resolve(response),
        ),
      );
    try {
      const handshake = await call<pb.ProviderHandshakeRequest, pb.ProviderHandshakeResponse>(
        client.handshake,
        new pb.ProviderHandshakeRequest(),
      );
      assert.equal(handshake.getAcceptSecrets(), true);

      const type = "random:index/randomPassword:RandomPassword";
      const create = (name: string) =>
        call<pb.CreateRequest, pb.CreateResponse>(
          client.create,
          new pb.CreateRequest()
            .setUrn(`urn:pulumi:dev::p::${name}::n`)
            .setType(name)
            .setProperties(toStruct({ length: 12 })),
        );
      const { result } = fromStruct((await create(type)).getProperties());
      assert.ok(result instanceof Secret);
      assert.equal(String(result.value).length, 12);

      await assert.rejects(create("random:index/randomPet:RandomPet"), {
        code: grpc.status.UNIMPLEMENTED,
        message: /has no resource type random:index\/randomPet:RandomPet/,
      });
      await call<Empty, Empty>(client.cancel, new Empty());
    } finally {
      client.close();
      child.kill("SIGINT");
    }
    const [code] = (await once(child, "exit")) as [number];
    assert.equal(code, 0);
  });

  it("ends soon after its engine was killed", async () => {
    const [node = "", ...args] = pluginCommand("resource-random");
    const engine = spawn(
      node,
      [
        "-e",
        `require("node:child_process").spawn(process.execPath, ${JSON.stringify(args)}, { stdio: "inherit" })`,
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    const [output] = (await once(engine.stdout, "data")) as [Buffer];
    const address = `127.0.0.1:${Number(String(output))}`;
    assert.equal(await listening(address), true);
    engine.kill("SIGKILL");
    const deadline = Date.now() + 5000;
    while ((await listening(address)) && Date.now() < deadline) await sleep(100);
    assert.equal(await listening(address), false);
  });
});

describe("engineAddress", () => {
  it("is the first argument that belongs to no flag", () => {
    assert.equal(engineAddress(["127.0.0.1:1"]), "127.0.0.1:1");
    const flags = ["--logtostderr", "-v=9", "--tracing", "tcp://x"];
    assert.equal(engineAddress([...flags, "127.0.0.1:1"]), "127.0.0.1:1");
    assert.equal(engineAddress(flags), undefined);
  });
});

describe("toDiffResponse", () => {
  it("reports to the engine what changes, and what causes a replacement", () => {
    const { Kind } = pb.PropertyDiff;
    const response = toDiffResponse([
      { path: "spec.a[0]", kind: "add", replace: false },
      { path: 'keepers["x.y"]', kind: "update", replace: true },
    ]);
    assert.equal(response.getChanges(), pb.DiffResponse.DiffChanges.DIFF_SOME);
    assert.deepEqual(response.getDiffsList(), ["spec", "keepers"]);
    assert.deepEqual(response.getReplacesList(), ["keepers"]);
    const details = response.getDetaileddiffMap();
    assert.equal(details.get("spec.a[0]")?.getKind(), Kind.ADD);
    assert.equal(details.get('keepers["x.y"]')?.getKind(), Kind.UPDATE_REPLACE);
    const none = toDiffResponse([]);
    assert.equal(none.getChanges(), pb.DiffResponse.DiffChanges.DIFF_NONE);
  });
});

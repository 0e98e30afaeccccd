import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { LanguageRuntimeClient } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/language_pb";
import { PropertyMap, toStruct } from "../../../../local/plugins/shared/values";
import { pluginCommand, PluginProcess, startPlugin } from "../shared/plugin-process";

describe("the language host", function () {
  this.timeout(20_000);
  let host: PluginProcess;
  let client: LanguageRuntimeClient;
  let root: string;
  const { PATH } = process.env;

  before(async () => {
    root = mkdtempSync(join(tmpdir(), "host-"));
    mkdirSync(join(root, "bin"));
    const npm = `#!/bin/sh\necho installed "$1"\necho careful >&2\n`;
    writeFileSync(join(root, "bin/npm"), npm, { mode: 0o755 });
    writeFileSync(join(root, "package.json"), '{"dependencies":{"zod":"4.6.7"}}');
    process.env.PATH = `${join(root, "bin")}:${PATH}`;
    host = await startPlugin(pluginCommand("language-nodejs"));
    client = new LanguageRuntimeClient(host.address, grpc.credentials.createInsecure());
  });
  after(async () => {
    process.env.PATH = PATH;
    client.close();
    host.process.kill("SIGTERM");
    await once(host.process, "exit");
    rmSync(root, { recursive: true });
  });

  function info(options: PropertyMap = {}): pb.ProgramInfo {
    return new pb.ProgramInfo().setProgramDirectory(root).setOptions(toStruct(options));
  }

  /** Returns everything that a stream sends until its end. */
  async function received<T>(stream: grpc.ClientReadableStream<T>): Promise<T[]> {
    const messages: T[] = [];
    stream.on("data", (message: T) => messages.push(message));
    await once(stream, "end");
    return messages;
  }

  it("has the SDK's version and requests no plugin from the engine", (done) => {
    client.getPluginInfo(new Empty(), (failed, plugin) => {
      assert.ifError(failed);
      assert.equal(plugin.getVersion(), "3.259.0");
      client.getRequiredPackages(new pb.GetRequiredPackagesRequest(), (error, response) => {
        assert.ifError(error);
        assert.deepEqual(response.toObject(), { packagesList: [], specsList: [] });
        done();
      });
    });
  });

  it("lists a program's dependencies", (done) => {
    const request = new pb.GetProgramDependenciesRequest().setInfo(info());
    client.getProgramDependencies(request, (error, response) => {
      assert.ifError(error);
      assert.deepEqual(response.toObject().dependenciesList, [{ name: "zod", version: "4.6.7" }]);
      done();
    });
  });

  it("passes on what an installation prints", async () => {
    const request = new pb.InstallDependenciesRequest().setInfo(info());
    const messages = await received(client.installDependencies(request));
    const text = (part: (message: pb.InstallDependenciesResponse) => Uint8Array) =>
      Buffer.concat(messages.map(part)).toString();
    assert.equal(
      text((message) => message.getStdout_asU8()),
      "installed install\n",
    );
    assert.equal(
      text((message) => message.getStderr_asU8()),
      "careful\n",
    );
  });

  it("says what it cannot do", async () => {
    const yarn = info({ packagemanager: "yarn" });
    const install = new pb.InstallDependenciesRequest().setInfo(yarn);
    await assert.rejects(
      received(client.installDependencies(install)),
      /packagemanager: expected npm/,
    );
    const policy = new pb.RunPluginRequest().setName("rules").setKind("analyzer");
    await assert.rejects(received(client.runPlugin(policy)), {
      code: grpc.status.UNIMPLEMENTED,
      message: /cannot run the plugin rules \(analyzer\)/,
    });
  });
});

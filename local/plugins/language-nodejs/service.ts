import * as grpc from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import {
  ILanguageRuntimeServer,
  LanguageRuntimeService,
} from "@pulumi/pulumi/proto/language_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { images } from "../../../versions/images";
import { toStatus, unary } from "../shared/handlers";
import { fromStruct } from "../shared/values";
import { installDependencies, programDependencies } from "./dependencies";
import { readOptions } from "./options";
import { endPrograms, run } from "./program";

/** Adds the language runtime `nodejs` to a gRPC server. */
export function addLanguageHost(server: grpc.Server, engineAddress: string | undefined): void {
  server.addService(LanguageRuntimeService, {
    handshake: unary(() => new pb.LanguageHandshakeResponse()),
    // The protocol that this host implements is that of the pinned engine.
    getPluginInfo: unary(() => new PluginInfo().setVersion(images.pulumi.tag)),
    // The plugins of the program are in PATH; the engine need not download any.
    getRequiredPackages: unary(() => new pb.GetRequiredPackagesResponse()),
    getRequiredPlugins: unary(() => new pb.GetRequiredPluginsResponse()),
    runtimeOptionsPrompts: unary(() => new pb.RuntimeOptionsResponse()),
    about: unary(() =>
      new pb.AboutResponse().setExecutable(process.execPath).setVersion(process.version),
    ),
    getProgramDependencies: unary((request: pb.GetProgramDependenciesRequest) =>
      new pb.GetProgramDependenciesResponse().setDependenciesList(
        programDependencies(
          request.getInfo()?.getProgramDirectory() || request.getPwd(),
          request.getTransitivedependencies(),
        ).map(({ name, version }) => new pb.DependencyInfo().setName(name).setVersion(version)),
      ),
    ),
    installDependencies: (call) => void install(call),
    run: unary((request: pb.RunRequest, call) => {
      call.once("cancelled", () => endPrograms("SIGTERM"));
      return run(request, engineAddress);
    }),
    runPlugin: (call) =>
      call.emit("error", {
        code: grpc.status.UNIMPLEMENTED,
        details:
          `This language host cannot run the plugin ${call.request.getName()} (${call.request.getKind()}). ` +
          "Install the official pulumi-language-nodejs for policy packs and plugins written for Node.js.",
      }),
    cancel: unary(() => {
      endPrograms("SIGTERM");
      return new Empty();
    }),
  } satisfies Partial<ILanguageRuntimeServer>);
}

async function install(
  call: grpc.ServerWritableStream<pb.InstallDependenciesRequest, pb.InstallDependenciesResponse>,
): Promise<void> {
  const cancelled = new AbortController();
  call.once("cancelled", () => cancelled.abort());
  const { request } = call;
  try {
    readOptions(fromStruct(request.getInfo()?.getOptions()));
    await installDependencies(
      request.getInfo()?.getProgramDirectory() || request.getDirectory(),
      {
        stdout: (chunk) => call.write(new pb.InstallDependenciesResponse().setStdout(chunk)),
        stderr: (chunk) => call.write(new pb.InstallDependenciesResponse().setStderr(chunk)),
      },
      cancelled.signal,
    );
    call.end();
  } catch (error) {
    call.emit("error", toStatus(error));
  }
}

import * as grpc from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import {
  ILanguageRuntimeServer,
  LanguageRuntimeService,
} from "@pulumi/pulumi/proto/language_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { StatusError, unary } from "../../../local/plugins/shared/handlers";
import { saveCompiledCode, load, preload } from "./load";
import { ProgramRun } from "./program-run";
import { exitCodes } from "./exit-codes";

/** The stack whose program runs. */
let current: ProgramRun | undefined;

/** Whether compiled code was kept, which is worth it once. */
let kept = false;

/**
 * Adds a language runtime to a gRPC server that runs programs in this process, one after the other. An error that a
 * program does not report itself ends the process: its remains could affect the program of the next stack.
 */
export function addProgramHost(server: grpc.Server): void {
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error: unknown) => {
      if (current?.report(error) !== true) exitForError(error);
    });
  }
  server.addService(LanguageRuntimeService, {
    handshake: unary(() => new pb.LanguageHandshakeResponse()),
    getPluginInfo: unary(() => new PluginInfo().setVersion("1.0.0")),
    // The engine loads each plugin when the first resource names it with its version.
    getRequiredPackages: unary(() => new pb.GetRequiredPackagesResponse()),
    getRequiredPlugins: unary(() => new pb.GetRequiredPluginsResponse()),
    run: unary((request: pb.RunRequest, call) => {
      const own = begin(request);
      // The engine has ended, so the result is not needed, and the program may never end. gRPC emits this after an answer too.
      call.once("cancelled", () => {
        if (current === own) leave();
      });
      return finish(own, request);
    }),
    cancel: unary(() => {
      setImmediate(leave);
      return new Empty();
    }),
  } satisfies Partial<ILanguageRuntimeServer>);
  setImmediate(preload);
}

function begin(request: pb.RunRequest): ProgramRun {
  if (current !== undefined) {
    throw new StatusError(
      `the process runs the program of stack "${current.stack}"; one stack at a time`,
      grpc.status.FAILED_PRECONDITION,
    );
  }
  process.chdir(request.getPwd());
  return (current = new ProgramRun(request));
}

async function finish(own: ProgramRun, request: pb.RunRequest): Promise<pb.RunResponse> {
  try {
    const succeeded = await own.run(() => load(request.getPwd(), request.getProgram()));
    if (succeeded && !kept) {
      kept = true;
      saveCompiledCode();
    }
    return new pb.RunResponse().setBail(!succeeded);
  } catch (error) {
    return exitForError(error);
  } finally {
    current = undefined;
  }
}

function leave(): never {
  process.exit(exitCodes.left);
}

/** Ends the process for an error that the program does not report itself. */
function exitForError(error: unknown): never {
  console.error(error);
  process.exit(exitCodes.failed);
}

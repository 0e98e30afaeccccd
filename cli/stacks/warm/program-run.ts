import * as grpc from "@grpc/grpc-js";
import * as pulumi from "@pulumi/pulumi";
import * as debuggable from "@pulumi/pulumi/runtime/debuggable";
import * as state from "@pulumi/pulumi/runtime/state";
import type { RunRequest } from "@pulumi/pulumi/proto/language_pb";
import { AsyncResource } from "node:async_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Program } from "./load";
import { active, waitUntilSettled, type Active } from "./unfinished";

/** Exported by the SDK for its own inline programs, though not in its types. */
const { withLocalStorage } = state as unknown as {
  withLocalStorage<Result>(action: () => Promise<Result>): Promise<Result>;
};

/** The same: the promises of a store that have not ended, and a text about them. */
const { leakedPromises } = debuggable as unknown as {
  leakedPromises(): [leaked: Set<unknown>, text: string];
};

/** gRPC status codes of calls to an engine that has stopped listening. It has reported the reason. */
const stopped = [grpc.status.UNAVAILABLE, grpc.status.CANCELLED];

/**
 * One run of the program. The SDK keeps the stack, its config and the connections to the engine in a store that only
 * this run's own calls and promises see.
 */
export class ProgramRun {
  readonly stack: string;
  private readonly reported = new Set<unknown>();
  private readonly logged: Promise<void>[] = [];
  private log: (message: string, resource?: pulumi.Resource) => void = () => undefined;

  constructor(private readonly request: RunRequest) {
    this.stack = request.getStack();
  }

  /**
   * Runs the program.
   * @returns whether it succeeded.
   * @throws an error that the program does not report itself.
   */
  run(load: () => Program): Promise<boolean> {
    return withLocalStorage(async () => {
      this.prepare();
      const before = active();
      try {
        await pulumi.runtime.runInPulumiStack(() => load()());
        // After a success, the engine waits for the message that nothing else will be declared.
        await pulumi.runtime.disconnect(true);
      } catch (error) {
        if (!this.report(error)) throw error;
        await Promise.race([pulumi.runtime.disconnect(false), this.idle(before)]);
      }
      // Unhandled rejections are reported before the next turn of the event loop.
      await nextTurn();
      this.close();
      if (this.reported.size > 0) return false;
      const left = await waitUntilSettled(before);
      if (left.length > 0)
        throw new Error(`The program has ended and left behind: ${left.join(", ")}`);
      const [leaked, text] = leakedPromises();
      if (leaked.size > 0) throw new Error(text);
      return true;
    });
  }

  /** Reports an error as a plain run does. @returns whether it is one that the program reports itself. */
  report(error: unknown): boolean {
    if (this.reported.has(error)) return true;
    if (pulumi.RunError.isInstance(error)) this.log(error.message);
    else if (pulumi.ResourceError.isInstance(error)) this.logFor(error);
    else if (!isStopped(error)) return false;
    this.reported.add(error);
    return true;
  }

  /**
   * Waits until a process with this program alone would end: what waits for something that never comes, such as objects
   * for the rest of a program that has failed, keeps no process running.
   */
  private async idle(before: Active): Promise<void> {
    await Promise.allSettled(this.logged);
    await waitUntilSettled(before);
  }

  private prepare(): void {
    const { request } = this;
    const [engine = ""] = request.getArgsList();
    pulumi.runtime.resetOptions(
      request.getProject(),
      request.getStack(),
      request.getParallel(),
      engine,
      request.getMonitorAddress(),
      request.getDryrun(),
      request.getOrganization(),
    );
    pulumi.runtime.setAllConfig(
      Object.fromEntries(request.getConfigMap().toArray()),
      request.getConfigsecretkeysList(),
    );
    // Unhandled rejections are reported outside of this run's store.
    this.log = AsyncResource.bind((message: string, resource?: pulumi.Resource) => {
      this.logged.push(pulumi.log.error(message, resource));
    });
  }

  private logFor(error: pulumi.ResourceError): void {
    this.log(error.hideStack ? error.message : (error.stack ?? error.message), error.resource);
  }

  /** Closes the connections of this run, which the SDK does only for a process that ends. */
  private close(): void {
    for (const client of [pulumi.runtime.getMonitor(), pulumi.runtime.getEngine()]) {
      (client as grpc.Client | undefined)?.close();
    }
  }
}

/** Whether an error only says that the engine has stopped listening. */
function isStopped(error: unknown): boolean {
  return stopped.includes((error as { code?: grpc.status } | undefined)?.code ?? grpc.status.OK);
}

import { spawn, type ChildProcessByStdio } from "node:child_process";
import type { Readable } from "node:stream";
import { engineVariables, notStarted } from "./environment";
import { holdSignals, isAskedToStop, type StopSignal } from "./signals";

/** A running engine. */
export type EngineProcess = ChildProcessByStdio<null, Readable, Readable>;

/** How an engine ended. */
export interface EngineExit {
  /** Exit code; null after a signal, and if it was not started. */
  code: number | null;
  /** Whether this process was asked to stop before the engine had ended. */
  stopped: boolean;
}

/** What the engine prints when it has got a signal. */
const acknowledged = /(\^C|SIGTERM) received/;

/** Milliseconds within which the engine prints that. */
const acknowledging = 1_000;

/**
 * Runs `pulumi`, and asks it to stop when this process is asked to stop: it then finishes the operations in progress,
 * and releases its lock. The returned promise waits for that. Nothing is started if this process has already been asked
 * to stop.
 * @param watch is called with the process, to listen to its output.
 * @throws Error if it cannot be started.
 */
export async function runEngine(
  args: readonly string[],
  watch: (engine: EngineProcess) => void,
): Promise<EngineExit> {
  if (isAskedToStop()) return { code: null, stopped: true };
  const child = spawn("pulumi", args, {
    env: { ...process.env, ...engineVariables },
    stdio: ["ignore", "pipe", "pipe"],
    // A terminal that is closed would end the engine at once; of its other signals, the engine would get each twice.
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8");
  watch(child);
  const request = new StopRequest(child);
  return holdSignals(
    async () => {
      const code = await endOf(child);
      request.withdraw();
      return { code, stopped: isAskedToStop() };
    },
    (signal) => request.send(signal),
  );
}

function endOf(child: EngineProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.on("error", (error) => reject(notStarted(error)));
    child.on("close", (code) => resolve(code));
  });
}

/** Asks an engine to stop, once: a second signal makes it abandon the operations in progress. */
class StopRequest {
  private isAcknowledged = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly child: EngineProcess) {
    child.stdout.on("data", (text: string) => {
      this.isAcknowledged ||= acknowledged.test(text);
    });
  }

  send(signal: StopSignal): void {
    // A person who presses Ctrl-C again wants the engine to abandon them.
    if (signal === "SIGINT") this.child.kill("SIGINT");
    // What ends a job often signals each of its processes, the engine too.
    else this.timer ??= setTimeout(() => this.sendUnlessAcknowledged(), acknowledging);
  }

  withdraw(): void {
    clearTimeout(this.timer);
  }

  private sendUnlessAcknowledged(): void {
    if (!this.isAcknowledged) this.child.kill("SIGTERM");
  }
}

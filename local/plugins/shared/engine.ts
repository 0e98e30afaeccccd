import * as grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { clientOptions } from "./serve";

/** Severity of a message. The engine shows `debug` only with `--debug`. */
export type Severity = "debug" | "info" | "warning" | "error";

/** Options of a message. */
export interface LogOptions {
  /** Whether to show it only as the resource's current status, not among the final messages. Default: false. */
  ephemeral?: boolean;
}

/** The engine's service for plugins. */
export interface Engine {
  /**
   * Shows a message to the user, next to its resource. Messages arrive in the order in which they are sent. The promise
   * resolves when the engine has received the message, and never rejects: if sending fails, the message is written to
   * standard error.
   * @param urn resource of the message; empty for the whole stack.
   */
  log(severity: Severity, message: string, urn: string, options?: LogOptions): Promise<void>;
}

const SEVERITIES: Record<Severity, LogSeverity> = {
  debug: LogSeverity.DEBUG,
  info: LogSeverity.INFO,
  warning: LogSeverity.WARNING,
  error: LogSeverity.ERROR,
};

/** Connects to the engine's service; without an address, messages go to standard error. */
export function connectEngine(address: string | undefined): Engine {
  if (address === undefined) {
    return { log: async (severity, message) => toStderr(severity, message) };
  }
  const client = new EngineClient(address, grpc.credentials.createInsecure(), clientOptions());
  let last: Promise<void> = Promise.resolve();
  return {
    log(severity, message, urn, options = {}) {
      const request = new LogRequest()
        .setSeverity(SEVERITIES[severity])
        .setMessage(message)
        .setUrn(urn)
        .setEphemeral(options.ephemeral ?? false);
      last = last
        .then(() => send(client, request))
        .catch((error: Error) =>
          toStderr(severity, `${message} (not taken by the engine: ${error.message})`),
        );
      return last;
    },
  };
}

function send(client: EngineClient, request: LogRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    client.log(request, (error) => (error ? reject(error) : resolve()));
  });
}

function toStderr(severity: Severity, message: string): void {
  process.stderr.write(`${severity}: ${message}\n`);
}

import * as grpc from "@grpc/grpc-js";

/** Largest message in both directions, bytes; the same limit as the engine's for plugins. */
const MESSAGE_LIMIT = 400 * 1024 * 1024;

/** Interval at which a plugin checks whether its engine still runs, milliseconds. */
const PARENT_CHECK_INTERVAL = 1000;

const MESSAGE_OPTIONS: grpc.ChannelOptions = {
  "grpc.max_receive_message_length": MESSAGE_LIMIT,
  "grpc.max_send_message_length": MESSAGE_LIMIT,
};

/** Options of {@link serve}. */
export interface ServeOptions {
  /** Runs once before the process exits, for example to end child processes. It must be synchronous. */
  onExit?: () => void;
}

/**
 * Runs this process as a plugin of the Pulumi engine: it listens on a free port of 127.0.0.1 and prints the port as the
 * first line of standard output, from which the engine reads it. The process ends on SIGINT (which the engine sends
 * first), SIGTERM or SIGHUP, and within {@link PARENT_CHECK_INTERVAL} after the engine has ended, for whatever reason.
 * @param register adds the plugin's services to the server. It receives the address of the engine's service: the first
 *   argument that is not a flag; undefined if the plugin is started manually.
 */
export async function serve(
  register: (server: grpc.Server, engineAddress: string | undefined) => void,
  options: ServeOptions = {},
): Promise<void> {
  exitWithEngine(options.onExit);
  const server = new grpc.Server(MESSAGE_OPTIONS);
  register(server, engineAddress(process.argv.slice(2)));
  const port = await listen(server);
  process.stdout.write(`${port}\n`);
}

/** Returns the options for a client of the engine or of its resource monitor. */
export function clientOptions(): grpc.ChannelOptions {
  return { ...MESSAGE_OPTIONS };
}

/** Returns the first argument that is neither a flag nor the value of `--tracing`, which the engine may pass. */
export function engineAddress(args: readonly string[]): string | undefined {
  return args.find((arg, index) => !arg.startsWith("-") && args[index - 1] !== "--tracing");
}

function listen(server: grpc.Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });
}

function exitWithEngine(onExit: (() => void) | undefined): void {
  if (onExit) process.once("exit", onExit);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => process.exit(0));
  }
  // A killed engine sends no signal, but its plugins get another parent process.
  const engine = process.ppid;
  setInterval(() => {
    if (process.ppid !== engine) process.exit(0);
  }, PARENT_CHECK_INTERVAL).unref();
}

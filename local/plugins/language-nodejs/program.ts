import { ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { RunRequest, RunResponse } from "@pulumi/pulumi/proto/language_pb";
import { fromStruct } from "../shared/values";
import { readOptions } from "./options";

/** Exit code of a program whose SDK has already shown the error to the user. */
const EXIT_AFTER_LOGGED_ERROR = 32;

/** Command, arguments and environment of a program's run. */
export interface ProgramCommand {
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
}

/** Programs of this host that are still running. */
const running = new Set<ChildProcess>();

/** Runs the program of `request` to its end. Its output goes to the output of the host, and thus to the engine. */
export function run(request: RunRequest, engineAddress: string | undefined): Promise<RunResponse> {
  const { args, cwd, env } = programCommand(request, engineAddress);
  const program = spawn(process.execPath, args, {
    cwd,
    env,
    stdio: ["ignore", "inherit", "inherit"],
  });
  running.add(program);
  return new Promise((resolve, reject) => {
    program.once("error", (error) => {
      running.delete(program);
      reject(new Error(`cannot start the program in ${cwd}: ${error.message}`));
    });
    program.once("close", (code, signal) => {
      running.delete(program);
      resolve(outcome(code, signal));
    });
  });
}

/** Stops every running program. */
export function endPrograms(signal: "SIGTERM" | "SIGKILL"): void {
  for (const program of running) program.kill(signal);
}

/** Returns the command line and environment that `@pulumi/pulumi/cmd/run` expects. */
export function programCommand(
  request: RunRequest,
  engineAddress: string | undefined,
): ProgramCommand {
  const info = request.getInfo();
  if (request.getAttachDebugger()) {
    throw new Error(
      "This language host cannot attach a debugger. Install the official pulumi-language-nodejs for --attach-debugger.",
    );
  }
  const options = readOptions(fromStruct(info?.getOptions()));
  const cwd = request.getPwd();
  return {
    args: [
      ...options.nodeargs,
      findRunner(info?.getProgramDirectory() || cwd),
      ...flag("monitor", request.getMonitorAddress()),
      ...flag("engine", engineAddress),
      ...flag("project", request.getProject()),
      ...flag("stack", request.getStack()),
      ...flag("organization", request.getOrganization()),
      ...flag("root-directory", info?.getRootDirectory()),
      ...flag("pwd", cwd),
      ...flag("parallel", String(request.getParallel())),
      ...(request.getDryrun() ? ["--dry-run"] : []),
      ...(request.getQuerymode() ? ["--query-mode"] : []),
      info?.getEntryPoint() || request.getProgram() || ".",
      ...request.getArgsList(),
    ],
    cwd,
    env: {
      ...process.env,
      PULUMI_CONFIG: configOf(request),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      ...(options.typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
      ...(options.tsconfig === undefined ? {} : { PULUMI_NODEJS_TSCONFIG_PATH: options.tsconfig }),
    },
  };
}

/** Linux' MAX_ARG_STRLEN: 32 pages of 4 KiB, including the name and the final zero. */
const longestVariable = 131_072;

/**
 * Returns the stack's config as the program's SDK reads it.
 * @throws Error if it is too long for a variable.
 */
function configOf(request: RunRequest): string {
  const config = JSON.stringify(Object.fromEntries(request.getConfigMap().toArray()));
  const bytes = Buffer.byteLength(`PULUMI_CONFIG=${config}`) + 1;
  if (process.platform === "linux" && bytes > longestVariable) {
    const size = (bytes / 1024).toFixed(0);
    throw new Error(
      `The config of stack "${request.getStack()}" is ${size} KiB long. A process can get at most 128 KiB in one variable, in which every language host passes the config. Split the stack: docs/decisions/stacks.md.`,
    );
  }
  return config;
}

/** Returns the module of the program's own SDK that runs programs. */
function findRunner(directory: string): string {
  const { resolve } = createRequire(join(directory, "program.js"));
  try {
    return resolve("@pulumi/pulumi/cmd/run");
  } catch (error) {
    throw new Error(
      `The Pulumi SDK is not installed in ${directory}. Run "npm ci" there, then try again.`,
      { cause: error },
    );
  }
}

function flag(name: string, value: string | undefined): string[] {
  return value ? [`--${name}`, value] : [];
}

function outcome(code: number | null, signal: string | null): RunResponse {
  const response = new RunResponse();
  if (code === 0) return response;
  if (code === EXIT_AFTER_LOGGED_ERROR) return response.setBail(true);
  return response.setError(
    signal === null
      ? `Program exited with non-zero exit code: ${code}`
      : `Program was ended by ${signal}`,
  );
}

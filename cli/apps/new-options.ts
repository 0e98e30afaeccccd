import { createInterface } from "node:readline/promises";
import { presetNames } from "../../versions/app-runtimes";
import type { NewApp } from "./new-text";

/** Required flags of `new`, each with the question that a terminal asks if it is missing. */
const questions = {
  team: "Team that owns it",
  preset: `Preset (${presetNames.join(", ")})`,
  domain: "Host name",
  image: "Image repository without a tag",
} as const;

type Asked = keyof typeof questions;

/** Flags of `new` on the command line. */
export type NewOptions = Partial<Record<Asked, string>> & {
  environment: string;
  kind: "web" | "worker";
  repository?: string;
  command?: string[];
  replicas?: number;
  min?: number;
  max?: number;
  queueQuery?: string;
  queuePerPod?: number;
  metricsPort?: number;
  checkQuery?: string;
  checkMax?: number;
  cron?: string;
  schedule?: string;
  cronCommand?: string[];
  migrate?: string[];
};

/** Returns the words of a command. An argument that contains spaces has to be written into the file by hand. */
export function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

/**
 * Returns the new app that the flags describe.
 * @throws Error if a flag is missing that another one needs.
 */
export function newAppOf(
  app: string,
  options: NewOptions & Required<Pick<NewOptions, Exclude<Asked, "domain">>>,
): NewApp {
  const { checkQuery, checkMax, cron, schedule, cronCommand, queueQuery, queuePerPod, ...rest } =
    options;
  if (checkMax !== undefined && checkQuery === undefined) {
    throw new Error("--check-query: expected one next to --check-max, got none");
  }
  if (checkMax !== undefined && Number.isNaN(checkMax)) {
    throw new Error("--check-max: expected a number, got none");
  }
  return {
    ...rest,
    app,
    checkQuery: checkQuery === undefined ? undefined : { query: checkQuery, max: checkMax ?? 0 },
    cron: jobOf(cron, schedule, cronCommand),
    ...(queueQuery === undefined && queuePerPod === undefined
      ? {}
      : { queue: queueOf(queueQuery, queuePerPod) }),
  };
}

function queueOf(query: string | undefined, perPod: number | undefined): NewApp["queue"] {
  if (query !== undefined && perPod !== undefined) return { query, perPod };
  throw new Error(
    `${query === undefined ? "--queue-query" : "--queue-per-pod"}: expected both of --queue-query and --queue-per-pod or none, got one`,
  );
}

function jobOf(
  name: string | undefined,
  schedule: string | undefined,
  command: string[] | undefined,
): NewApp["cron"] {
  const flags = { "--cron": name, "--schedule": schedule, "--cron-command": command };
  const missing = Object.entries(flags).flatMap(([flag, value]) =>
    value === undefined ? [flag] : [],
  );
  if (name !== undefined && schedule !== undefined && command !== undefined) {
    return { name, schedule, command };
  }
  if (missing.length === 3) return undefined;
  throw new Error(
    `${missing.join(", ")}: expected all of ${Object.keys(flags).join(", ")} or none, got some`,
  );
}

/**
 * Asks for each required flag that is missing, and returns all flags. There is no question about the host
 * name of a worker.
 */
export async function askForMissing(
  options: NewOptions,
): Promise<NewOptions & Required<Pick<NewOptions, Exclude<Asked, "domain">>>> {
  const missing = (Object.keys(questions) as Asked[]).filter(
    (key) => options[key] === undefined && !(key === "domain" && options.kind === "worker"),
  );
  const answers = { ...options };
  if (missing.length > 0 && !process.stdin.isTTY) {
    throw new Error(
      `expected ${missing.map((key) => `--${key}`).join(", ")}, got none; without a terminal, the command cannot ask for them`,
    );
  }
  if (missing.length > 0) {
    const terminal = createInterface({ input: process.stdin, output: process.stdout });
    for (const key of missing) answers[key] = await terminal.question(`${questions[key]}: `);
    terminal.close();
  }
  return answers as Awaited<ReturnType<typeof askForMissing>>;
}

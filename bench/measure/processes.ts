import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Sampling interval, milliseconds. */
const interval = 100;

/**
 * Peak memory, Mi. Pages that several programs share count for each of them, so the figure of a command does not depend
 * on what else runs. A process that was forked and has not started its program yet has the memory of its parent, which
 * counts once: the engine starts each plugin in this way, and would otherwise count twice for some milliseconds.
 */
export interface PeakMemory {
  /** All processes of the command together. */
  total: number;
  /**
   * The largest engine with all its descendants, and with the largest process that runs programs of several stacks. For
   * a command without engines, all processes.
   */
  worker: number;
  /** Peak by kind of process. */
  processes: Record<string, number>;
}

interface Process {
  id: number;
  parent: number;
  name: string;
  /** Current and peak memory, Ki. */
  now: number;
  peak: number;
  /** Start address of its program's stack, which differs for each start of a program, but not after a fork. */
  stack: string;
}

/** Kinds of processes, by a pattern for the command line. */
const names: [RegExp, string][] = [
  [/\/cmd\/run\b/, "program"],
  [/\/stacks\/warm\/main\.ts\b/, "shared program"],
  [/language-nodejs/, "language host"],
  [/resource-\w+/, "provider"],
  [/(^|\/)pulumi /, "engine"],
  [/(^|\/)kubectl /, "kubectl"],
];

/** Samples the memory of a process and its descendants until {@link PeakWatch.stop}. */
export class PeakWatch {
  private readonly timer: NodeJS.Timeout;
  private readonly peak: PeakMemory = { total: 0, worker: 0, processes: {} };

  constructor(private readonly root: number) {
    this.timer = setInterval(() => this.look(), interval);
  }

  /** Returns the peak; undefined on a system without /proc. */
  stop(): PeakMemory | undefined {
    clearInterval(this.timer);
    return existsSync("/proc/self/status") ? this.peak : undefined;
  }

  private look(): void {
    const tree = countOnce(below(this.root, allProcesses()));
    const engines = tree.filter(({ name }) => name === "engine");
    const workers = engines.map(({ id }) => below(id, tree));
    const shared = tree.filter(({ name }) => name === "shared program").map((it) => sum([it]));
    for (const { name, peak } of tree) {
      this.peak.processes[name] = Math.max(this.peak.processes[name] ?? 0, mebibytes(peak));
    }
    this.peak.total = Math.max(this.peak.total, sum(tree));
    const worker =
      workers.length > 0 ? Math.max(...workers.map(sum)) + Math.max(0, ...shared) : sum(tree);
    this.peak.worker = Math.max(this.peak.worker, worker);
  }
}

/** Returns a process and its descendants. */
function below(root: number, all: Process[]): Process[] {
  const own = all.filter(({ id }) => id === root);
  const children = all.filter(({ parent }) => parent === root);
  return [...own, ...children.flatMap(({ id }) => below(id, all))];
}

/** Counts no memory for processes that still run the program of their parent. */
function countOnce(processes: Process[]): Process[] {
  const stacks = new Map(processes.map(({ id, stack }) => [id, stack]));
  return processes.map((it) => (stacks.get(it.parent) === it.stack ? { ...it, now: 0 } : it));
}

function allProcesses(): Process[] {
  if (!existsSync("/proc/self/status")) return [];
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((id) => {
      try {
        return [processOf(Number(id))];
      } catch {
        // The process has ended meanwhile.
        return [];
      }
    });
}

function processOf(id: number): Process {
  const status = readFileSync(`/proc/${id}/status`, "utf8");
  const field = (key: string) =>
    Number(new RegExp(`^${key}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
  const command = readFileSync(`/proc/${id}/cmdline`, "utf8").replaceAll("\0", " ");
  const name = names.find(([pattern]) => pattern.test(command))?.[1] ?? "other";
  return {
    id,
    parent: field("PPid"),
    name,
    now: field("VmRSS"),
    peak: field("VmHWM"),
    stack: stackOf(readFileSync(`/proc/${id}/stat`, "utf8")),
  };
}

/** Returns `startstack` of /proc/<id>/stat (proc_pid_stat(5)): the 26th field after the name, which may have any text. */
function stackOf(stat: string): string {
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[25] ?? "";
}

function sum(processes: Process[]): number {
  return mebibytes(processes.reduce((total, { now }) => total + now, 0));
}

function mebibytes(kibibytes: number): number {
  return Math.round(kibibytes / 1024);
}

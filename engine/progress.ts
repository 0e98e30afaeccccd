import { span } from "../config/durations";

/** Number of objects whose names are shown: those in progress for longest, and those done. */
const maxNamed = 3;

/** Milliseconds after which a part that only waits is shown again. */
const quietMs = 60_000;

/** ` + urn:pulumi:… created (1s) [diff: ~spec]`, printed by the engine with `--urns`. */
const stepLine =
  /^\s*\S{0,2}\s+(urn:pulumi:\S+)\s+(?:\*\*)?((?:creat|updat|delet|replac|refresh|read|import|discard)(?:e|ing|ed)\b[a-z ]*)/;

/** Headings of the engine's final output. */
const endLine = /^(Diagnostics|Outputs|Resources|Duration)\b/;

interface Running {
  title: string;
  since: number;
}

interface Part {
  running: Map<string, Running>;
  /** Finished objects by result: `created`, `updated`, … */
  done: Map<string, string[]>;
  /** The last line shown, and when. */
  shown: string;
  shownAt: number;
}

/**
 * Summarizes the engine's output of an update, one or two lines for each of hundreds of resources, as a few lines per
 * part of the platform. It passes on all other output.
 */
export class Progress {
  private readonly parts = new Map<string, Part>();
  private ended = false;

  constructor(
    private readonly print: (line: string) => void,
    private readonly now: () => number = Date.now,
  ) {}

  /** Processes a line of the engine's output. */
  take(line: string): void {
    if (this.ended || endLine.test(line)) {
      this.end();
      this.print(shortened(line));
      return;
    }
    const [, urn, verb] = stepLine.exec(line) ?? [];
    if (urn !== undefined && verb !== undefined) this.note(urn, verb.trim());
    // The engine prints messages about the whole stack again at the end.
    else if (!/^\s*($|@ |urn:pulumi:)/.test(line)) this.print(line);
  }

  /** Shows the parts with changes since the last call, and those that have waited for long. */
  look(): void {
    if (this.ended) return;
    for (const [name, part] of this.parts) {
      const counts = countsOf(part);
      const waits = part.running.size > 0 && this.now() - part.shownAt >= quietMs;
      if (counts !== part.shown || waits) this.show(name, part, counts);
    }
  }

  /** Shows the final state of each part. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    for (const [name, part] of this.parts) this.show(name, part, countsOf(part));
  }

  private note(urn: string, verb: string): void {
    const { type, title } = namesOf(urn);
    // A component is not an object, and is registered before its children.
    if (/^(pulumi:|platform:)/.test(type)) return;
    const part = this.partOf(urn);
    if (/ing\b/.test(verb) && !verb.includes("failed")) {
      if (!part.running.has(urn)) part.running.set(urn, { title, since: this.now() });
      return;
    }
    part.running.delete(urn);
    const ending = verb.includes("failed") ? "failed" : (verb.split(" ")[0] ?? verb);
    const titles = part.done.get(ending) ?? [];
    // The line is repeated for each message of the plugin.
    if (!titles.includes(title)) part.done.set(ending, [...titles, title]);
  }

  private partOf(urn: string): Part {
    const name = partName(urn);
    const known = this.parts.get(name);
    if (known !== undefined) return known;
    const made = {
      running: new Map<string, Running>(),
      done: new Map<string, string[]>(),
      shown: "",
      shownAt: this.now(),
    };
    this.parts.set(name, made);
    return made;
  }

  private show(name: string, part: Part, counts: string): void {
    part.shown = counts;
    part.shownAt = this.now();
    const running = [...part.running.values()].sort((a, b) => a.since - b.since);
    const named = running
      .slice(0, maxNamed)
      .map(({ title, since }) => `${title} (${span(Math.round((this.now() - since) / 1000))})`);
    const more = running.length > named.length ? [`${running.length - named.length} more`] : [];
    const waiting = running.length > 0 ? `; under way: ${[...named, ...more].join(", ")}` : "";
    this.print(`  ${name.padEnd(12)} ${counts}${waiting}`);
  }
}

/** Returns the part that a resource belongs to: the folder of its outermost component. */
export function partName(urn: string): string {
  const [, part] = /::platform:(\w[\w-]*):/.exec(urn) ?? [];
  return part === "app" ? "apps" : (part ?? "stack");
}

function namesOf(urn: string): { type: string; title: string } {
  const [types = "", name = ""] = urn.split("::").slice(-2);
  const type = types.split("$").at(-1) ?? "";
  return { type, title: `${type.split(":").at(-1) ?? ""} ${name}` };
}

/** Counts objects by result, with a few names. */
function countsOf({ done }: Part): string {
  if (done.size === 0) return "nothing done yet";
  const ended = [...done].sort();
  const few = ended.flatMap(([, titles]) => titles).length <= maxNamed;
  return ended
    .map(([verb, titles]) =>
      few || verb === "failed" ? `${titles.join(", ")} ${verb}` : `${titles.length} ${verb}`,
    )
    .join(", ");
}

/** Shortens URNs to names that users know: `Deployment kibana`. */
function shortened(line: string): string {
  return line.replace(
    /urn:pulumi:[^\s:]+(?:::[^\s:]+(?::[^\s:]+)*)+/g,
    (urn) => namesOf(urn).title,
  );
}

/** A value in a Logstash pipeline. */
export type PipelineValue =
  string | number | boolean | PipelineValue[] | { [key: string]: PipelineValue };

/** A plugin with its settings; settings that are undefined are omitted. */
export interface PipelinePlugin {
  plugin: string;
  settings: Record<string, PipelineValue | undefined>;
}

/** A plugin, or plugins under a condition. */
export type PipelineStep =
  PipelinePlugin | { if: string; then: PipelineStep[]; else?: PipelineStep[] };

/** A whole pipeline. */
export interface Pipeline {
  input: PipelineStep[];
  filter: PipelineStep[];
  output: PipelineStep[];
}

/**
 * Returns a pipeline in Logstash's own language, for which there is no library.
 * @throws Error for a string with both kinds of quotes, which the language cannot represent.
 */
export function pipelineText(pipeline: Pipeline): string {
  const sections = (["input", "filter", "output"] as const).map((section) =>
    block(section, steps(pipeline[section])),
  );
  return `${sections.flat().join("\n")}\n`;
}

function steps(list: PipelineStep[]): string[] {
  return list.flatMap((step) => {
    if ("plugin" in step) return block(step.plugin, settings(step.settings));
    const then = block(`if ${step.if}`, steps(step.then));
    return step.else === undefined ? then : [...then, ...block("else", steps(step.else))];
  });
}

function block(head: string, body: string[]): string[] {
  return [`${head} {`, ...body.map((line) => `  ${line}`), "}"];
}

function settings(map: PipelinePlugin["settings"]): string[] {
  return Object.entries(map).flatMap(([key, entry]) =>
    entry === undefined ? [] : [`${key} => ${value(entry)}`],
  );
}

function value(entry: PipelineValue): string {
  if (typeof entry === "string") return quote(entry);
  if (typeof entry !== "object") return String(entry);
  if (Array.isArray(entry)) return `[${entry.map(value).join(", ")}]`;
  const pairs = Object.entries(entry).map(([key, inner]) => `${quote(key)} => ${value(inner)}`);
  return `{ ${pairs.join(" ")} }`;
}

/** Logstash supports no escapes by default: a string is in the kind of quotes that it does not contain. */
function quote(text: string): string {
  if (!text.includes('"')) return `"${text}"`;
  if (!text.includes("'")) return `'${text}'`;
  throw new Error(`a pipeline's text cannot have both kinds of quotes: ${text}`);
}

import type {
  Pipeline,
  PipelinePlugin,
  PipelineStep,
} from "../../components/logging/pipeline-text";

/** An event in Logstash. */
export type LogEvent = Record<string, unknown>;

/**
 * Applies Logstash's filters to an event. It is a stub, because Logstash is in no package registry: it supports the
 * plugins and settings of the project's pipeline, in the order in which the real plugins apply them, and fails on all
 * others.
 */
export function filtered(event: LogEvent, { filter }: Pick<Pipeline, "filter">): LogEvent {
  const copy = structuredClone(event);
  for (const step of filter) apply(copy, step);
  return copy;
}

function apply(event: LogEvent, step: PipelineStep): void {
  if ("plugin" in step) return plugin(event, step);
  const steps = holds(event, step.if) ? step.then : (step.else ?? []);
  for (const inner of steps) apply(event, inner);
}

/** Conditions of the forms `[a]`, `![a]`, `[a] == "b"` and `[a] =~ /b/`, joined by `and`. */
function holds(event: LogEvent, condition: string): boolean {
  return condition.split(" and ").every((part) => {
    const [, not, field = "", operator, operand = ""] =
      /^(!?)((?:\[[^\]]+\])+)(?: (==|=~) (.+))?$/.exec(part) ?? [];
    if (field === "") throw new Error(`${part}: expected a condition that the stand-in knows`);
    const value = get(event, field);
    if (operator === "==") return value === JSON.parse(operand);
    if (operator === "=~") return new RegExp(operand.slice(1, -1)).test(String(value ?? ""));
    return (value !== undefined) !== (not === "!");
  });
}

function plugin(event: LogEvent, { plugin: name, settings }: PipelinePlugin): void {
  if (name === "json") return json(event, settings as unknown as Json);
  if (name === "mutate") return mutate(event, settings as Mutate);
  if (name === "translate") return translate(event, settings as unknown as Translate);
  throw new Error(`${name}: expected a plugin that the stand-in knows`);
}

interface Json {
  source: string;
  target: string;
}

function json(event: LogEvent, { source, target }: Json): void {
  set(event, target, JSON.parse(String(get(event, source))));
}

interface Mutate {
  rename?: Record<string, string>;
  replace?: Record<string, string>;
  lowercase?: string[];
  add_field?: Record<string, string>;
  remove_field?: string[];
}

function mutate(event: LogEvent, settings: Mutate): void {
  const known = ["rename", "replace", "lowercase", "add_field", "remove_field"];
  const unknown = Object.keys(settings).filter((key) => !known.includes(key));
  if (unknown.length > 0) throw new Error(`mutate: ${unknown.join()} is not known here`);
  for (const [from, to] of Object.entries(settings.rename ?? {})) {
    const value = get(event, from);
    if (value === undefined) continue;
    set(event, to, value);
    set(event, from, undefined);
  }
  for (const [field, text] of Object.entries(settings.replace ?? {}))
    set(event, field, filled(event, text));
  for (const field of settings.lowercase ?? []) {
    set(event, field, String(get(event, field)).toLowerCase());
  }
  for (const [field, text] of Object.entries(settings.add_field ?? {})) {
    set(event, field, filled(event, text));
  }
  for (const field of settings.remove_field ?? []) set(event, field, undefined);
}

interface Translate {
  source: string;
  target: string;
  dictionary: Record<string, string>;
  fallback?: string;
}

function translate(event: LogEvent, { source, target, dictionary, fallback }: Translate): void {
  // With ECS names, an existing target is overwritten.
  const value = dictionary[String(get(event, source))] ?? fallback;
  if (value !== undefined) set(event, target, value);
}

/** Replaces `%{field}` in a text. */
export function filled(event: LogEvent, text: string): string {
  return text.replace(/%\{([^}]+)\}/g, (whole, field: string) => {
    const value = get(event, field);
    return value === undefined ? whole : String(value);
  });
}

/** Returns a field by its path: `[a][b]`, or `a`. */
export function get(event: LogEvent, path: string): unknown {
  return keys(path).reduce<unknown>((value, key) => (value as LogEvent | undefined)?.[key], event);
}

function set(event: LogEvent, path: string, value: unknown): void {
  const names = keys(path);
  const last = names.pop() ?? "";
  const parent = names.reduce<LogEvent>((object, key) => (object[key] ??= {}) as LogEvent, event);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
}

function keys(path: string): string[] {
  return path.startsWith("[") ? path.slice(1, -1).split("][") : [path];
}

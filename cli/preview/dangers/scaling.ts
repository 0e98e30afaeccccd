import { at, listAt, mapAt } from "../../../config/fields";
import { words } from "../markdown";
import { titleOf, type Fields, type Step } from "../steps";
import type { Danger, Situation } from "./danger";
import { textOf } from "./fields";

/** Kinds that change the number of pods. One can replace the other. */
const kinds = ["HorizontalPodAutoscaler", "ScaledObject"];

/** One reason for more pods. */
interface Target {
  /** Its name among the triggers of its autoscaler. */
  name: string;
  kind: "clock" | "query" | "use";
  /** Text of a query: equal thresholds of different queries are not comparable. */
  query?: string;
  /** For metrics and queries, the load of one pod; for a schedule, the minimum number of pods. */
  amount: unknown;
}

interface Scaler {
  step: Step;
  targets: Target[];
  max: unknown;
}

/** Returns autoscalers that run fewer pods for the same load, or no longer exist. */
export function scaling({ changed, objects, traffic }: Situation): Danger[] {
  const scalers = changed.filter(({ kind }) => kinds.includes(kind));
  const before = new Map(
    scalers.flatMap((step) =>
      step.op === "create" || step.before === undefined ? [] : [entry(step, step.before)],
    ),
  );
  const after = new Map(
    scalers.flatMap((step) =>
      step.op === "delete" || step.after === undefined ? [] : [entry(step, step.after)],
    ),
  );
  return [...before].flatMap(([pods, old]) => {
    const now = after.get(pods);
    const app = traffic.find(({ releases }) => releases.includes(old.step.name));
    const roles = Object.entries(app?.selected ?? {}).filter(([, name]) => name === old.step.name);
    if (now === undefined) {
      const isLeft = objects.after.some(
        ({ kind, metadata }) =>
          `${String(metadata?.namespace)} ${String(kind)} ${String(metadata?.name)}` === pods,
      );
      return isLeft
        ? [danger(words`${titleOf(old.step)} is deleted, and nothing scales its pods any more.`)]
        : [];
    }
    const isStable = roles.some(([service]) => service === `${app?.app ?? ""}-stable`);
    return [
      ...(old.step.kind === now.step.kind ? [] : fewerAtMost(old, now)),
      // A release without requests has no request metric, and a canary has no schedule.
      ...old.targets
        .filter(
          ({ kind }) =>
            app === undefined || (kind === "clock" ? isStable : kind === "use" || roles.length > 0),
        )
        .flatMap((target) => targetDangers(target, now)),
    ];
  });
}

function entry(step: Step, object: Fields): [string, Scaler] {
  const { kind = "Deployment", name = step.name } = mapAt(object, "spec", "scaleTargetRef");
  const pods = `${String(step.namespace)} ${textOf(kind)} ${textOf(name)}`;
  const max = at(object, "spec", "maxReplicas") ?? at(object, "spec", "maxReplicaCount");
  const targets = [
    ...listAt(object, "spec", "metrics").map(metric),
    ...listAt(object, "spec", "triggers").map(trigger),
  ];
  return [pods, { step, targets, max }];
}

function metric(fields: unknown): Target {
  const type = textOf(at(fields, "type"));
  const field = type.charAt(0).toLowerCase() + type.slice(1);
  const own = mapAt(fields, field);
  const name = own.name ?? at(own, "metric", "name");
  const target = mapAt(own, "target");
  const amount = target.averageUtilization ?? target.averageValue ?? target.value;
  return { name: textOf(name), kind: "use", amount };
}

function trigger(fields: unknown, index: number): Target {
  const { type, name } = mapAt(fields);
  const { value, desiredReplicas, threshold, timezone, start, end, query } = mapAt(
    fields,
    "metadata",
  );
  if (type === "cron") {
    const times = [start, end, timezone].map(textOf).join(", ");
    return { name: `the schedule (${times})`, kind: "clock", amount: desiredReplicas };
  }
  if (type === "cpu" || type === "memory") return { name: type, kind: "use", amount: value };
  return {
    name: textOf(name ?? `${textOf(type)} (trigger ${index + 1})`),
    kind: "query",
    // The release determines which of an app's two Services is counted.
    query: `${textOf(type)} ${textOf(query)}`.replaceAll(/service=~"[^"]*"/g, "service"),
    amount: threshold ?? value,
  };
}

function fewerAtMost(old: Scaler, now: Scaler): Danger[] {
  if (Number(now.max) >= Number(old.max)) return [];
  return [
    danger(
      words`${titleOf(now.step)} may run fewer pods than ${titleOf(old.step)}: ${textOf(now.max)} instead of ${textOf(old.max)}.`,
    ),
  ];
}

function targetDangers(old: Target, { step, targets }: Scaler): Danger[] {
  const same = targets.filter(({ kind }) => kind === old.kind);
  const now =
    old.kind === "query"
      ? same.find(({ query }) => query === old.query)
      : same.find(({ name }) => name === old.name);
  const title = titleOf(step);
  if (now === undefined) {
    if (old.kind === "clock") {
      return [danger(words`${title} no longer keeps ${textOf(old.amount)} pods by ${old.name}.`)];
    }
    const isAsked = old.kind === "query" && same.some(({ name }) => name === old.name);
    const gone = isAsked
      ? words`${title} scales by another query: ${textOf(old.query)} is no longer used.`
      : words`${title} no longer scales by ${old.name}.`;
    return [danger(gone)];
  }
  const [from, to] = [Number(old.amount), Number(now.amount)];
  if (old.amount === now.amount || (old.kind === "clock" ? to >= from : to <= from)) return [];
  return [
    danger(
      old.kind === "clock"
        ? words`${title} keeps fewer pods by ${old.name}: ${textOf(now.amount)} instead of ${textOf(old.amount)}.`
        : words`${title} runs fewer pods for the same load: the target of ${old.name} rises from ${textOf(old.amount)} to ${textOf(now.amount)}.`,
    ),
  ];
}

function danger(text: string): Danger {
  return { kind: "capacity", text };
}

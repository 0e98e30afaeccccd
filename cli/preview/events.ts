import type { EngineEvent } from "@pulumi/pulumi/automation";
import { handChangesIn, type HandChange } from "./by-hand";
import { byUrn } from "./by-urn";
import type { AppOutput } from "../../program/app-output";
import { newestRecords, type Records } from "../../program/newest-records";
import { placedRecords } from "../../program/records";
import { isSecret, numberedRedactor, redactor, rewritten, secretValues } from "./secrets";
import {
  handStepOf,
  contentsOf,
  stepAs,
  stepOf,
  type ClusterObject,
  type Contents,
  type Objects,
  type Step,
  type StepMetadata,
} from "./steps";

/** A policy that the planned objects break. */
export interface Violation {
  /** Name of the policy. */
  policy: string;
  /** The object, as the check of the policy names it. */
  object?: string;
  message: string;
  /** Whether the violation prevents the change from being applied. */
  mandatory?: boolean;
}

/** The content of a preview's events that a reviewer needs. It contains no secrets. */
export interface Preview {
  /** Steps that change something, sorted by resource: the engine's own order is random. */
  steps: Step[];
  /** Every Kubernetes object before and after, including unchanged ones. */
  objects: Objects;
  /** The same with a number for each secret value, to be compared and never shown. */
  numberedObjects: Objects;
  /** The same with the values of Secrets, to be compared where their meaning counts, and never shown. */
  plainObjects: () => Objects;
  /** Objects that stay as they are. */
  unchanged: number;
  /**
   * What differs from the state of the last update, according to the preview's refresh; empty without a
   * refresh.
   */
  byHand: HandChange[];
  errors: string[];
  warnings: string[];
  violations: Violation[];
  /** What the last successful update recorded about each app's releases. */
  last: Records;
  /** The same, with what a failed update recorded about apps that it had completed. */
  records: Records;
  /** Output of the last successful update about each app. */
  apps: Record<string, AppOutput>;
  /** Whether the engine completed the preview without errors. */
  finished: boolean;
  /** Removes secret values from a text. */
  redact: (text: string) => string;
}

/** The engine reports where each plugin is, which does not matter for the change. */
const noise = /^using pulumi-\S+ from \$PATH at /;

/** Reads the events of one preview. */
export function readEvents(events: readonly EngineEvent[]): Preview {
  const secrets = secretValues(events);
  const redact = redactor(secrets);
  const numbered = numberedRedactor(secrets);
  const maskedStep = (metadata: StepMetadata, made: Step): Step => {
    let holdsSecrets = false as boolean;
    const contents = (rewrite: (text: string) => string): Contents => {
      const whole = contentsOf(stepAs(made.op, redactMetadata(metadata, rewrite)));
      return made.after === undefined ? { ...whole, after: undefined } : whole;
    };
    const masking = contents((text) => {
      const masked = numbered(text);
      holdsSecrets ||= masked !== text;
      return masked;
    });
    return {
      ...made,
      numbered: masking,
      ...(holdsSecrets && { plain: () => contents((text) => text) }),
    };
  };
  // A refresh is not a step: the step that follows compares with what the refresh read.
  const planned = byUrn(
    events.flatMap(({ resourcePreEvent }) =>
      resourcePreEvent === undefined || resourcePreEvent.metadata.op === "refresh"
        ? []
        : [resourcePreEvent.metadata],
    ),
  );
  return {
    steps: planned.flatMap((metadata) =>
      stepOf(redactMetadata(metadata, redact)).map((step) => maskedStep(metadata, step)),
    ),
    objects: objectsIn(planned, redact),
    numberedObjects: objectsIn(planned, numbered),
    plainObjects: () => objectsIn(planned, (text) => text),
    unchanged: planned.filter(
      ({ op, type, new: next }) => op === "same" && next?.custom === true && !isProvider(type),
    ).length,
    byHand: handChangesIn(events, (metadata) => {
      const step = handStepOf(redactMetadata(metadata, redact));
      return step && maskedStep(metadata, step);
    }),
    errors: messages(events, "error").map(redact),
    warnings: messages(events, "warning")
      .filter((text) => !noise.test(text))
      .map(redact),
    violations: byUrn(
      events.flatMap(({ policyEvent }) =>
        policyEvent === undefined ? [] : [{ ...policyEvent, urn: policyEvent.resourceUrn }],
      ),
    ).map(({ policyName, urn, message }) => ({
      policy: policyName,
      object: urn?.split("::").slice(2).join(" "),
      message: redact(plain(message)),
    })),
    ...recordsIn(planned),
    apps: (stackOutputs(planned)?.apps ?? {}) as Record<string, AppOutput>,
    finished: events.some(
      ({ summaryEvent }) => summaryEvent !== undefined && succeeded(summaryEvent),
    ),
    redact,
  };
}

function redactMetadata(metadata: StepMetadata, redact: (text: string) => string): StepMetadata {
  const { old, new: next } = metadata;
  return {
    ...metadata,
    old: old && { ...old, ...hide(old) },
    new: next && { ...next, ...hide(next) },
  };

  function hide({ type, inputs, outputs }: NonNullable<StepMetadata["old"]>) {
    // A Secret's own fields are compared first and masked afterwards, so that a change is visible.
    const rewrite = isSecret(type) ? (text: string) => text : redact;
    return {
      inputs: rewritten(inputs, rewrite) as Record<string, unknown>,
      outputs: rewritten(outputs, rewrite) as Record<string, unknown>,
    };
  }
}

/** The objects in the events; a replacement has several events, but its object is returned once. */
function objectsIn(planned: readonly StepMetadata[], redact: (text: string) => string): Objects {
  const before = new Map<string, ClusterObject>();
  const after = new Map<string, ClusterObject>();
  for (const metadata of planned) {
    if (!metadata.type.startsWith("kubernetes:")) continue;
    const { old, new: next } = redactMetadata(metadata, redact);
    if (old?.inputs !== undefined) before.set(metadata.urn, old.inputs as ClusterObject);
    if (next?.inputs !== undefined) after.set(metadata.urn, next.inputs as ClusterObject);
  }
  return { before: [...before.values()], after: [...after.values()] };
}

function messages(events: readonly EngineEvent[], severity: "error" | "warning"): string[] {
  const found = events.flatMap(({ diagnosticEvent }) =>
    diagnosticEvent?.severity === severity ? [diagnosticEvent] : [],
  );
  const texts = byUrn(found).map(({ message }) => plain(message));
  return [...new Set(texts)].filter((text) => text !== "");
}

/** Returns a message without the engine's marks for colors. */
function plain(text: string): string {
  return text.replaceAll(/<\{%.*?%\}>/g, "").trim();
}

function recordsIn(planned: readonly StepMetadata[]): Pick<Preview, "last" | "records"> {
  const records: unknown = stackOutputs(planned)?.releases;
  const recorded =
    typeof records === "object" && records !== null ? (records as Record<string, unknown>) : {};
  // An update that failed for another app may have recorded one on its own.
  const components = planned.map(({ urn, type, old }) => ({ urn, type, outputs: old?.outputs }));
  const apps = stackOutputs(planned)?.apps as Record<string, AppOutput> | undefined;
  const last = placedRecords(recorded, apps);
  return { last, records: newestRecords(last, components) };
}

/** Outputs of the last update. */
function stackOutputs(planned: readonly StepMetadata[]): Record<string, unknown> | undefined {
  return planned.find(({ type, old }) => type === "pulumi:pulumi:Stack" && old !== undefined)?.old
    ?.outputs;
}

function isProvider(type: string): boolean {
  return type.startsWith("pulumi:providers:");
}

/** Newer engines report the result; older ones end without a summary when they fail. */
function succeeded(summary: NonNullable<EngineEvent["summaryEvent"]>): boolean {
  const { result } = summary as { result?: string };
  return result === undefined || result === "succeeded";
}

import type { EngineEvent } from "@pulumi/pulumi/automation";
import { readEvents, type Preview } from "../../../../cli/preview/events";
import type { Provenance } from "../../../../cli/preview/provenance";
import { reportOf, type Report } from "../../../../cli/preview/report";
import type { AppTraffic } from "../../../../cli/preview/traffic";

type Metadata = NonNullable<EngineEvent["resourcePreEvent"]>["metadata"];
type Fields = Record<string, unknown>;

/** UID of the cluster in every test. */
export const clusterUid = "adba6509-bac6-4e24-81e1-6c5573925554";

/** A change in a test; all other fields are as the engine sends them. */
export interface Change {
  op?: string;
  type?: string;
  /** Name in the program. */
  name?: string;
  parent?: { type: string; name: string };
  before?: Fields;
  after?: Fields;
  /** Properties in the cluster, if they differ from the inputs. */
  found?: Fields;
  /** Differences that the plugin found: by path, whether they are in the inputs. */
  differing?: Record<string, boolean>;
  keys?: string[];
  component?: boolean;
  retained?: boolean;
  /** Whether it was not ready when it was last read. */
  unready?: boolean;
}

const urnOf = (type: string, name: string) => `urn:pulumi:prod::platform::${type}::${name}`;

/** Returns the two events that the engine sends for a step. */
export function change({ op = "update", ...fields }: Change): EngineEvent[] {
  const { type = "kubernetes:apps/v1:Deployment", name = "shop-1-4-2" } = fields;
  const { parent = { type: "platform:app:App", name: "shop" }, before, after } = fields;
  const urn = urnOf(`${parent.type}$${type}`, name);
  const state = (inputs: Fields, outputs: Fields) => ({
    type,
    urn,
    custom: fields.component !== true,
    id: `commerce-prod/${name}`,
    parent: urnOf(parent.type, parent.name),
    inputs,
    outputs,
    provider: "urn:pulumi:prod::platform::pulumi:providers:kubernetes::cluster::1",
    retainOnDelete: fields.retained,
  });
  const metadata = {
    op,
    urn,
    type,
    old: before && {
      ...state(before, fields.found ?? before),
      initErrors: fields.unready === true ? ["no pod is ready"] : [],
    },
    new: after && state(after, {}),
    keys: fields.keys,
    detailedDiff: Object.fromEntries(
      Object.entries(fields.differing ?? {}).map(([path, asked]) => [
        path,
        { diffKind: "update", inputDiff: asked },
      ]),
    ),
    provider: "",
  } as unknown as Metadata;
  return [
    event({ resourcePreEvent: { metadata, planning: true } }),
    event({ resOutputsEvent: { metadata, planning: true } }),
  ];
}

/** Returns an object's metadata, as in a manifest. */
export function named(name: string, namespace?: string): Fields {
  return { metadata: { name, ...(namespace === undefined ? {} : { namespace }) } };
}

/** Returns the engine's events before any change: the stack with its outputs. */
export function opening(records: Fields = {}): EngineEvent[] {
  const urn = urnOf("pulumi:pulumi:Stack", "platform-prod");
  const state = { type: "pulumi:pulumi:Stack", urn, id: "", parent: "", inputs: {}, provider: "" };
  const stack = {
    op: "same",
    urn,
    type: "pulumi:pulumi:Stack",
    old: { ...state, outputs: { apps: {}, releases: records } },
    new: { ...state, outputs: {} },
    provider: "",
  } as unknown as Metadata;
  return [event({ resourcePreEvent: { metadata: stack, planning: true } })];
}

/** Returns the engine's events at the end. */
export function ending(result = "succeeded"): EngineEvent[] {
  const summary = { maybeCorrupt: false, durationSeconds: 6, resourceChanges: {}, policyPacks: {} };
  return [event({ summaryEvent: { ...summary, result } as never }), event({ cancelEvent: {} })];
}

/** Returns a message of the engine. */
export function message(severity: "error" | "warning", text: string): EngineEvent {
  const urn = urnOf("pulumi:pulumi:Stack", "platform-prod");
  return event({ diagnosticEvent: { urn, message: text, color: "never", severity } });
}

/** Returns a preview of these changes. */
export function previewOf(...changes: Change[]): Preview {
  return readEvents([...opening(), ...changes.flatMap(change), ...ending()]);
}

/** Provenance of every report in a test. */
export const provenance: Provenance = {
  stack: "prod",
  commit: "3f2c1a9b0d3e4f5a6b7c8d9e0f1a2b3c4d5e6f70",
  base: "1111111111111111111111111111111111111111",
  changed: false,
  cluster: { uid: clusterUid, version: "v1.36.3" },
  tools: [{ name: "pulumi", version: "3.259.0" }],
  at: "2026-11-21T08:00:00.000Z",
  pipeline: undefined,
};

/** Returns a report of these events. */
export function report(events: EngineEvent[], traffic: AppTraffic[] = []): Report {
  return reportOf("prod", readEvents(events), traffic, [], provenance);
}

/** Returns a report of these changes. */
export function reportWith(...changes: Change[]): Report {
  return report([...opening(), ...changes.flatMap(change), ...ending()]);
}

/** Returns an app without anything to report. */
export function traffic(fields: Partial<AppTraffic> = {}): AppTraffic {
  return {
    app: "shop",
    table: "RELEASE  WEIGHT\n1.4.2    100%",
    changes: false,
    sentences: [],
    refusals: [],
    overrides: [],
    undo: [],
    releases: ["shop-1-4-2"],
    inPlace: [],
    podDangers: [],
    workerPods: {},
    selected: {},
    steady: [],
    ...fields,
  };
}

export function event(fields: Partial<EngineEvent>): EngineEvent {
  return { sequence: 0, timestamp: 0, ...fields };
}

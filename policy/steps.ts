import { z } from "zod";
import type { KubernetesObject } from "../render/objects";

const state = z.looseObject({
  type: z.string(),
  inputs: z.record(z.string(), z.unknown()).optional(),
  outputs: z.record(z.string(), z.unknown()).optional(),
  retainOnDelete: z.boolean().optional(),
});

const previewStep = z.looseObject({
  op: z.string(),
  urn: z.string(),
  oldState: state.optional(),
  newState: state.optional(),
});

/** Output of `pulumi preview --json`, restricted to the fields that the rules use. */
const preview = z.looseObject({ steps: z.array(previewStep).default([]) });

/** State of an object before or after a step. */
export interface StepState {
  /** Inputs from the program. */
  inputs: Record<string, unknown>;
  /** Outputs of the last update or refresh. */
  outputs: Record<string, unknown>;
  /** Whether the object stays in the cluster when it is removed from the program. */
  retainOnDelete: boolean;
}

/** One step of a preview. */
export interface Step {
  /** `create`, `update`, `replace`, `delete`, `same` and others. */
  op: string;
  urn: string;
  /** Pulumi's type, for example `kubernetes:apps/v1:Deployment`. */
  type: string;
  old?: StepState;
  new?: StepState;
}

/**
 * Returns the steps in the output of `pulumi preview --json`.
 * @throws Error if the text has another format.
 */
export function readSteps(text: string): Step[] {
  const parsed = preview.safeParse(JSON.parse(text));
  if (!parsed.success) {
    throw new Error(
      `This is not the output of "pulumi preview --json": ${z.prettifyError(parsed.error)}`,
    );
  }
  return parsed.data.steps.map(({ op, urn, oldState, newState }) => ({
    op,
    urn,
    type: newState?.type ?? oldState?.type ?? typeIn(urn),
    ...(oldState === undefined ? {} : { old: stateOf(oldState) }),
    ...(newState === undefined ? {} : { new: stateOf(newState) }),
  }));
}

/** Returns the Kubernetes object of a state; undefined for other resources. */
export function objectOf(state: StepState | undefined): KubernetesObject | undefined {
  const { apiVersion, kind, metadata } = (state?.inputs ?? {}) as Partial<KubernetesObject>;
  if (typeof apiVersion !== "string" || typeof kind !== "string") return undefined;
  return typeof metadata?.name === "string" ? (state?.inputs as KubernetesObject) : undefined;
}

function stateOf({ inputs, outputs, retainOnDelete }: z.infer<typeof state>): StepState {
  return {
    inputs: inputs ?? {},
    outputs: outputs ?? {},
    retainOnDelete: retainOnDelete ?? false,
  };
}

/** `urn:pulumi:<stack>::<project>::<parents' types$type>::<name>`. */
function typeIn(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

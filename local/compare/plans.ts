/** A step of `pulumi preview --json` or `pulumi refresh --preview-only --json`. */
export interface PlanStep {
  op: string;
  urn: string;
  replaceReasons?: string[] | null;
  detailedDiff?: Record<string, { kind: string; inputDiff: boolean }> | null;
}

/** Returns what a plan would change in the cluster, by URN. */
export function comparablePlan(steps: readonly PlanStep[]): Record<string, unknown> {
  const changes = steps.filter(({ op, urn }) => op !== "same" && urn.includes("kubernetes:"));
  return Object.fromEntries(
    changes.map(({ op, urn, replaceReasons, detailedDiff }) => [
      `${op} ${urn.split("::").slice(2).join(" ")}`,
      {
        because: [...(replaceReasons ?? [])].sort(),
        fields: Object.fromEntries(
          Object.entries(detailedDiff ?? {}).map(([path, { kind }]) => [path, kind]),
        ),
      },
    ]),
  );
}

/** Returns the steps in a command's output, which may begin with warnings. */
export function stepsIn(output: string): PlanStep[] {
  const start = output.indexOf("{");
  if (start < 0) throw new Error(`expected a plan as JSON, got ${output.slice(0, 500)}`);
  return (JSON.parse(output.slice(start)) as { steps?: PlanStep[] }).steps ?? [];
}

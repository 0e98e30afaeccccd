import { slices } from "./parts";

/** Maximum number of jobs in `needs` of a job: the default of GitLab, and a fixed limit on GitLab.com. */
export const maxNeeds = 50;

/** Jobs that do nothing but wait for others, for jobs that come after more of them than `needs` can name. */
export class GatheringJobs {
  private readonly byNeeds = new Map<string, [name: string, needs: string[]]>();

  /**
   * Returns at most `max` names of jobs that are complete when all given ones are.
   * @param max at least 1.
   */
  reduceNeeds(names: readonly string[], max: number): string[] {
    if (names.length <= max) return [...names];
    const gathered = slices(names, maxNeeds).map((slice) => this.nameOf(slice));
    return this.reduceNeeds(gathered, max);
  }

  /** Returns the jobs, by name. */
  jobs(stage: string): Record<string, object> {
    return Object.fromEntries(
      [...this.byNeeds.values()].map(([name, needs]) => [name, { ...idle(stage), needs }]),
    );
  }

  private nameOf(needs: string[]): string {
    const key = needs.join("\n");
    const [name] = this.byNeeds.get(key) ?? [`gather:${this.byNeeds.size + 1}`];
    this.byNeeds.set(key, [name, needs]);
    return name;
  }
}

/** Returns the fields of a job that needs neither the repository nor packages. */
export function idle(stage: string): Record<string, unknown> {
  return { stage, variables: { GIT_STRATEGY: "none" }, before_script: [], script: ["true"] };
}

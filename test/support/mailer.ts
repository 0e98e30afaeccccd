import type { TestStack } from "./project";
import { untilEqual } from "./until";

/** The fields of a Deployment that matter here. */
interface Deployment {
  metadata: { name: string; annotations?: Record<string, string> };
  spec?: { replicas?: number };
  status?: { availableReplicas?: number };
}

/** The config of the app. */
export interface MailerConfig {
  team: string;
  stable: object;
  canary?: object;
  scaling: object;
  progressDeadlineSeconds?: number;
}

/** Role, pods asked for and pods available of each release, by name. */
export type WorkerReleases = Record<
  string,
  [role: string | undefined, asked: number, available: number]
>;

/** The app `mailer` of a test's stack: a worker, which has no requests. */
export class Mailer {
  /** Arguments of kubectl that select its objects. */
  static readonly selector = ["-l", "app.kubernetes.io/name=mailer"];

  constructor(private readonly stack: TestStack) {}

  /** Changes its config. */
  edit(change: (app: MailerConfig) => void): void {
    this.stack.editApp("mailer", change);
  }

  /** Returns its releases in a namespace. */
  async releases(namespace = "commerce-dev"): Promise<WorkerReleases> {
    const place = ["-n", namespace, ...Mailer.selector];
    const list = await this.stack.kubectl("get", "deploy", ...place, "-o", "json");
    const { items } = JSON.parse(list) as { items: Deployment[] };
    return Object.fromEntries(
      items.map(({ metadata: { name, annotations = {} }, spec, status }) => [
        name,
        [annotations["platform/role"], spec?.replicas ?? 0, status?.availableReplicas ?? 0],
      ]),
    );
  }

  /** Waits until its releases are as expected: an update does not wait until the last pods have ended. */
  become(expected: WorkerReleases, namespace?: string): Promise<void> {
    return untilEqual(60, () => this.releases(namespace), expected);
  }
}

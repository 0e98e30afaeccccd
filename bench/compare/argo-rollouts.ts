import { binary } from "../../local/toolchain/install";
import { comparedDefinitions } from "../../local/toolchain/comparison-tools";
import type { Contender, Memory } from "./contender";
import { Controller } from "./controller";
import { sameApp, type SameApp } from "./objects";
import {
  errorRatio,
  hostOf,
  maximumErrorRatio,
  namespace,
  rounds,
  stepSeconds,
  weights,
} from "./settings";
import type { Site } from "./site";

interface Rollout {
  metadata: { generation: number };
  status?: {
    phase?: string;
    message?: string;
    observedGeneration?: string;
    stableRS?: string;
    currentPodHash?: string;
  };
}

const apiVersion = "argoproj.io/v1alpha1";
const app = "argo";
const services = { stable: `${app}-stable`, canary: `${app}-canary` };

/** Argo Rollouts with its own router for Traefik; a rollback within its window skips the steps. */
export class ArgoRollouts implements Contender {
  readonly name = "Argo Rollouts 1.9.0";
  readonly app = app;
  readonly routing = "TraefikService";
  readonly route = {
    path: `/apis/traefik.io/v1alpha1/namespaces/${namespace}/traefikservices`,
    name: app,
  };
  private controller?: Controller;
  private same?: SameApp;

  constructor(private readonly site: Site) {}

  async start(version: string): Promise<void> {
    await this.site.define(comparedDefinitions.argoRollouts);
    this.controller = new Controller(
      [
        binary("rollouts-controller"),
        `--kubeconfig=${this.site.cluster.kubeconfig}`,
        ...["--leader-elect=false", "--loglevel=warn", "--namespace=argo-rollouts"],
        // The default group is that of Traefik 2.
        ...["--traefik-api-group=traefik.io", "--traefik-api-version=traefik.io/v1alpha1"],
        // The default ports are those of the pods, which share its network namespace.
        ...["--healthzPort=18080", "--metricsPort=18090"],
      ],
      {},
    );
    this.same = await sameApp(this.site, app);
    await this.site.apply("argo", ...this.objects(this.same), this.rollout(this.same, version));
    await this.healthy();
  }

  async release(version: string): Promise<void> {
    await this.change(version);
  }

  /** Like a release; the controller finds out that the version is within the window. */
  async rollback(version: string): Promise<void> {
    await this.change(version);
  }

  memory(): Memory {
    return { controller: this.controller?.memory() ?? 0, command: 0 };
  }

  async stop(): Promise<void> {
    await this.controller?.stop();
  }

  private async change(version: string): Promise<void> {
    if (this.same === undefined) throw new Error("not started");
    await this.site.apply("argo-change", this.rollout(this.same, version));
    await this.healthy();
  }

  /** @throws Error if the release is aborted. */
  private async healthy(): Promise<void> {
    await this.site.until("the end of the rollout", async () => {
      this.controller?.mustRun();
      const { metadata, status } = await this.site.get<Rollout>(
        `/apis/${apiVersion}/namespaces/${namespace}/rollouts/${app}`,
      );
      if (status?.observedGeneration !== String(metadata.generation)) return undefined;
      if (status.phase === "Degraded") throw new Error(`the rollout failed: ${status.message}`);
      const isStable = status.stableRS !== undefined && status.stableRS === status.currentPodHash;
      return status.phase === "Healthy" && isStable ? true : undefined;
    });
  }

  private rollout({ labels, template, workload }: SameApp, version: string): object {
    const steps = weights.flatMap((setWeight) => [
      { setWeight },
      { pause: { duration: `${stepSeconds}s` } },
      { analysis: { templates: [{ templateName: app }] } },
    ]);
    return {
      apiVersion,
      kind: "Rollout",
      metadata: { name: app, namespace },
      spec: {
        ...workload,
        selector: { matchLabels: labels },
        template: template(version),
        // Each round adds a revision between the first version and the one that is rolled back.
        rollbackWindow: { revisions: rounds },
        strategy: {
          canary: {
            stableService: services.stable,
            canaryService: services.canary,
            trafficRouting: { traefik: { weightedTraefikServiceName: app } },
            steps,
          },
        },
      },
    };
  }

  private objects({ service, autoscaler }: SameApp): object[] {
    const backend = (name: string, weight: number) => ({ name, port: 80, weight });
    const traefik = { apiVersion: "traefik.io/v1alpha1", metadata: { name: app, namespace } };
    return [
      service(services.stable),
      service(services.canary),
      autoscaler({ apiVersion, kind: "Rollout" }),
      {
        ...traefik,
        kind: "TraefikService",
        spec: {
          weighted: { services: [backend(services.stable, 100), backend(services.canary, 0)] },
        },
      },
      {
        ...traefik,
        kind: "IngressRoute",
        spec: {
          entryPoints: ["web"],
          routes: [
            {
              kind: "Rule",
              match: `Host(\`${hostOf(app)}\`)`,
              services: [{ kind: "TraefikService", name: app }],
            },
          ],
        },
      },
      {
        apiVersion,
        kind: "AnalysisTemplate",
        metadata: { name: app, namespace },
        spec: {
          metrics: [
            {
              name: "errors",
              count: 1,
              successCondition: `len(result) > 0 && !isNaN(result[0]) && result[0] <= ${maximumErrorRatio}`,
              provider: {
                prometheus: { address: this.site.prometheus, query: errorRatio(services.canary) },
              },
            },
          ],
        },
      },
    ];
  }
}

import { binary } from "../../local/toolchain/install";
import { comparedDefinitions } from "../../local/toolchain/comparison-tools";
import type { Contender, Memory } from "./contender";
import { Controller } from "./controller";
import { sameApp, type SameApp, type Template } from "./objects";
import { errorRatio, hostOf, maximumErrorRatio, namespace, stepSeconds, weights } from "./settings";
import type { Site } from "./site";

interface Canary {
  status?: { phase?: string };
}

const apiVersion = "flagger.app/v1beta1";
const app = "flagger";
const gateway = { name: "dev", namespace: "gateway" };

/** Flagger with routes of the Gateway API; a rollback is a release without analysis. */
export class Flagger implements Contender {
  readonly name = "Flagger 1.36.1";
  readonly app = app;
  readonly routing = "HTTPRoute";
  readonly route = {
    path: `/apis/gateway.networking.k8s.io/v1/namespaces/${namespace}/httproutes`,
    name: app,
  };
  private controller?: Controller;
  private same?: SameApp;

  constructor(private readonly site: Site) {}

  async start(version: string): Promise<void> {
    await this.site.define(comparedDefinitions.flagger);
    this.controller = new Controller(
      [
        binary("flagger"),
        `-kubeconfig=${this.site.cluster.kubeconfig}`,
        `-metrics-server=${this.site.prometheus}`,
        ...["-mesh-provider=gatewayapi:v1", `-namespace=${namespace}`, "-log-level=info"],
        // The default port is that of the pods, which share its network namespace.
        "-port=18100",
        // The pods' ConfigMap belongs to the platform's app.
        "-enable-config-tracking=false",
      ],
      {},
    );
    this.same = await sameApp(this.site, app);
    await this.site.apply("flagger", ...this.objects(this.same, version));
    await this.reaches("Initialized");
  }

  async release(version: string): Promise<void> {
    await this.change(version, false);
  }

  async rollback(version: string): Promise<void> {
    await this.change(version, true);
  }

  memory(): Memory {
    return { controller: this.controller?.memory() ?? 0, command: 0 };
  }

  async stop(): Promise<void> {
    await this.controller?.stop();
  }

  private async change(version: string, skipAnalysis: boolean): Promise<void> {
    if (this.same === undefined) throw new Error("not started");
    await this.site.apply(
      "flagger-change",
      this.canary(skipAnalysis),
      this.deployment(this.same, version),
    );
    // The phase of the former change stays until Flagger has seen the new one.
    await this.reaches("Progressing", "Promoting", "Finalising");
    await this.reaches("Succeeded");
  }

  /** @throws Error if the release fails. */
  private async reaches(...phases: string[]): Promise<void> {
    await this.site.until(`Flagger's phase ${phases.join(" or ")}`, async () => {
      this.controller?.mustRun();
      const { status } = await this.site.get<Canary>(
        `/apis/${apiVersion}/namespaces/${namespace}/canaries/${app}`,
      );
      if (status?.phase === "Failed") {
        throw new Error(`the release failed:\n${this.controller?.log.slice(-20).join("")}`);
      }
      return phases.includes(status?.phase ?? "") ? true : undefined;
    });
  }

  private deployment({ labels, template, workload }: SameApp, version: string): object {
    return {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: app, namespace },
      spec: {
        ...workload,
        strategy: { rollingUpdate: { maxSurge: "25%", maxUnavailable: 0 } },
        selector: { matchLabels: labels },
        template: withoutSleepAction(template(version)),
      },
    };
  }

  private canary(skipAnalysis: boolean): object {
    const templateRef = { name: app, namespace };
    const maximum = maximumErrorRatio * 100;
    return {
      apiVersion,
      kind: "Canary",
      metadata: { name: app, namespace },
      spec: {
        targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: app },
        autoscalerRef: { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler", name: app },
        progressDeadlineSeconds: 60,
        skipAnalysis,
        service: {
          port: 80,
          targetPort: "http",
          portName: "http",
          hosts: [hostOf(app)],
          gatewayRefs: [gateway],
        },
        analysis: {
          interval: `${stepSeconds}s`,
          threshold: 2,
          stepWeights: weights,
          metrics: [
            {
              name: "errors",
              templateRef,
              interval: `${stepSeconds}s`,
              thresholdRange: { max: maximum },
            },
          ],
        },
      },
    };
  }

  private objects(same: SameApp, version: string): object[] {
    return [
      this.deployment(same, version),
      same.autoscaler({ apiVersion: "apps/v1", kind: "Deployment" }),
      {
        apiVersion,
        kind: "MetricTemplate",
        metadata: { name: app, namespace },
        spec: {
          provider: { type: "prometheus", address: this.site.prometheus },
          query: `100 * ${errorRatio(`${app}-canary`)}`,
        },
      },
      this.canary(false),
    ];
  }
}

/**
 * Replaces the sleep action of containers by the command of that name: the Kubernetes types of Flagger 1.36.1 are those
 * of 1.27, which do not have it, so its copy of the Deployment would have an empty preStop handler.
 */
function withoutSleepAction({ spec, ...template }: Template): Template {
  const containers = spec.containers.map((container) => {
    const seconds = container.lifecycle?.preStop?.sleep?.seconds;
    if (seconds === undefined) return container;
    const command = ["sleep", String(seconds)];
    return { ...container, lifecycle: { preStop: { exec: { command } } } };
  });
  return { ...template, spec: { ...spec, containers } };
}

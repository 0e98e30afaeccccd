import { z } from "zod";
import { serverErrors, unclearCode } from "../../config/error-codes";
import { requestReasonOf } from "../../config/reason";
import { gatewayStart, knownGateway } from "../../config/recorded-series";
import type { QueryAnswer } from "./query";
import type { Measurement } from "./verdict";

/** Timeout of one query, seconds. */
const answerTimeout = 10;

const answer = z.object({
  status: z.literal("success"),
  data: z.object({
    resultType: z.literal("vector"),
    result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })),
  }),
});

/** A check without a verdict, because nothing could be measured. */
export class CannotBeChecked extends Error {}

/** The release that is measured, by the names of its objects. */
export interface Subject {
  namespace: string;
  /** Service of the role, for example `shop-canary`. */
  service: string;
  /** Name of the release's objects, for example `shop-1-5-0`. */
  release: string;
}

/** Client of a Prometheus server. */
export class Prometheus {
  /**
   * @param address for example `http://prometheus.example.com`
   * @param at time as of which queries are evaluated. Default: now.
   */
  constructor(
    private readonly address: string,
    private readonly at?: Date,
  ) {}

  /**
   * Returns requests, errors, latency and restarts of a release over the last `window` seconds.
   * @param quantile quantile of the latency, for example 0.99.
   * @param isRpc whether requests may be gRPC requests, whose results are not all known.
   * @throws CannotBeChecked if Prometheus does not answer, which is different from having no data.
   */
  async measure(
    subject: Subject,
    window: number,
    quantile: number,
    isRpc = false,
  ): Promise<Measurement> {
    const { namespace, service } = subject;
    const role = `namespace="${namespace}",service="${service}"`;
    const range = `[${window}s]`;
    const [requests, errors, latency, restarts, gap, unclear] = await Promise.all([
      this.number(`sum(increase(app:requests:total{${role}}${range}))`),
      this.number(`sum(increase(app:requests:total{${role},code=~"${serverErrors}"}${range}))`),
      this.number(
        `histogram_quantile(${quantile}, sum by (le) (increase(app:request_duration_seconds:bucket{${role}}${range})))`,
      ),
      this.restarts(subject, window),
      this.number(gaps(role, window)),
      isRpc
        ? this.number(`sum(increase(app:requests:total{${role},code="${unclearCode}"}${range}))`)
        : 0,
    ]);
    return {
      ...{ requests: requests ?? 0, errors: errors ?? 0, unclear: unclear ?? 0 },
      ...{ latency, restarts, missesErrors: gap !== undefined },
    };
  }

  /** Returns the restarts of a release's containers over the last `window` seconds; undefined without data. */
  restarts(subject: Subject, window: number): Promise<number | undefined> {
    return this.number(restarts(subject, window));
  }

  /** Runs a query of the app. */
  ask(
    { namespace, service, release }: Subject,
    query: string,
    window: number,
  ): Promise<QueryAnswer> {
    const values: Record<string, string> = { namespace, service, release, window: `${window}s` };
    return this.answer(
      query.replaceAll(
        /\$(namespace|service|release|window)\b/g,
        (_, name: string) => values[name] ?? "",
      ),
    );
  }

  /** Returns the result of a query for one number; undefined without a series or a number. */
  private async number(query: string): Promise<number | undefined> {
    return (await this.answer(query)).value;
  }

  private async answer(query: string): Promise<QueryAnswer> {
    const time = this.at === undefined ? "" : `&time=${this.at.getTime() / 1000}`;
    const url = `${this.address}/api/v1/query?query=${encodeURIComponent(query)}${time}`;
    const response = await fetch(url, { signal: AbortSignal.timeout(answerTimeout * 1000) }).catch(
      (error: unknown) => {
        throw new CannotBeChecked(
          `Prometheus at ${this.address} does not answer (${requestReasonOf(error)}); an address that ends in .svc can be reached only from inside the cluster; elsewhere, set platform:releases.prometheus. A changed address takes effect after an update that sets platform:releases.weaker.`,
        );
      },
    );
    const body: unknown = await response.json().catch(() => undefined);
    const parsed = answer.safeParse(body);
    if (!response.ok || !parsed.success) {
      throw new CannotBeChecked(
        `Prometheus at ${this.address} answered ${response.status} to ${query}: ${JSON.stringify(body)?.slice(0, 200)}`,
      );
    }
    const { result } = parsed.data.data;
    const value = result.length === 1 ? Number(result[0]?.value[1]) : NaN;
    return { series: result.length, value: Number.isFinite(value) ? value : undefined };
  }
}

/** Timeout after which Prometheus no longer uses a sample, and the rules no longer know what came before, seconds. */
const lookback = 300;

/** Time from the creation of a pod to its first sample, seconds: two scrapes of kube-state-metrics, 30 s apart. */
const firstScrape = 60;

/**
 * Returns a query that has a result if, at any time of the window, the rules of the platform did not count a role's
 * errors from the first one on: before they were installed, or during an outage of Prometheus or its sources. Errors
 * of a status code that first occurred then are missing.
 */
function gaps(role: string, window: number): string {
  const all = [gatewayStart, knownGateway, `app:backend:info{${role}}`]
    .map((series) => `last_over_time(${series}[${lookback}s])`)
    .join(" and on () ");
  return `max_over_time(absent(${all})[${window}s:15s])`;
}

/**
 * Returns a query for the number of restarts. Not by `increase()`, which ignores the first sample of a series: the
 * series of a pod begins with its first scrape, and those of all pods begin again in another pod of kube-state-metrics.
 * Restarts before the window are subtracted; a pod that was created in it, or so shortly before that it had no sample
 * yet, had none.
 */
function restarts({ namespace, release }: Subject, window: number): string {
  const range = `[${window}s]`;
  const counter = `kube_pod_container_status_restarts_total{namespace="${namespace}"}`;
  const by = "by (namespace, pod, container)";
  const created = `last_over_time(kube_pod_created{namespace="${namespace}"}${range}) > time() - ${window + firstScrape}`;
  const first = `min ${by} (min_over_time(${counter}${range}))`;
  const before = `max ${by} (${counter} offset ${window}s) or 0 * ${first} and on (namespace, pod) ${created} or ${first}`;
  // By the label of the pods: Kubernetes truncates the names of pods, so they may not contain a long release name.
  const pods = `last_over_time(kube_pod_labels{namespace="${namespace}",label_app_kubernetes_io_instance="${release}"}${range})`;
  return `sum((max ${by} (max_over_time(${counter}${range})) - (${before})) * on (namespace, pod) group_left () max by (namespace, pod) (${pods}))`;
}

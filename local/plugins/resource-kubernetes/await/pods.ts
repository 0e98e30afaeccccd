import type { Api } from "../api";
import { absent } from "../api";
import type { KubernetesObject } from "../objects";

interface Pod {
  metadata: { name: string };
  status?: {
    containerStatuses?: {
      name: string;
      state?: { waiting?: { reason?: string; message?: string } };
    }[];
    conditions?: { type: string; status: string; message?: string }[];
  };
}

/** Returns why a workload's pods are not ready, for the user: a few lines at most. */
export async function podProblems(
  api: Api,
  { metadata, spec }: KubernetesObject,
): Promise<string[]> {
  const selector = (spec?.selector as { matchLabels?: Record<string, string> } | undefined)
    ?.matchLabels;
  if (selector === undefined) return [];
  const labelSelector = Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
  const list = await api.client
    .send<{ items: Pod[] }>({
      method: "GET",
      path: `/api/v1/namespaces/${metadata.namespace ?? "default"}/pods`,
      query: { labelSelector },
    })
    .catch(absent);
  return (list?.items ?? []).flatMap(problems).slice(0, 5);
}

function problems({ metadata, status }: Pod): string[] {
  const waiting = (status?.containerStatuses ?? []).flatMap(({ name, state }) =>
    state?.waiting?.reason === undefined
      ? []
      : [
          `pod ${metadata.name}, container ${name}: ${state.waiting.reason} ${state.waiting.message ?? ""}`.trim(),
        ],
  );
  const unscheduled = (status?.conditions ?? []).flatMap(({ type, status: value, message }) =>
    type === "PodScheduled" && value === "False" ? [`pod ${metadata.name}: ${message ?? ""}`] : [],
  );
  return [...waiting, ...unscheduled];
}

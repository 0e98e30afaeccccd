import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { StackConfig } from "../../config";
import { reasonOf } from "../../config/reason";
import { imageReference, images } from "../../versions/images";
import type { DoctorApi } from "./api";
import type { Finding } from "./finding";
import { findings } from "./look";

/** Timeout for a pod, including the pull of its image, milliseconds. */
const timeoutMs = 120_000;
const port = 8080;

interface PodStatus {
  status?: {
    phase?: string;
    podIP?: string;
    containerStatuses?: { state?: object; ready?: boolean }[];
  };
}

/**
 * Tests whether network policies are enforced: a pod connects to another one, first without a policy and then
 * with one that forbids it. Everything is in a temporary namespace, which is deleted afterwards.
 */
export async function probe(
  api: DoctorApi,
  config: Pick<StackConfig, "images">,
  wait = timeoutMs,
): Promise<Finding> {
  const { ok, missing, unknown } = findings("network policies");
  const namespace = `platform-doctor-${randomBytes(4).toString("hex")}`;
  const path = `/api/v1/namespaces/${namespace}`;
  const post = async (at: string, object: object) => {
    const { status, body } = await api.ask("POST", at, object);
    const { message = "" } = Object(body) as { message?: string };
    if (status >= 300) throw new Error(`${status} ${message}`);
  };
  try {
    const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
    await post("/api/v1/namespaces", {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: namespace, labels },
    });
    const run = async (name: string, command: string[]) => {
      await post(`${path}/pods`, pod(name, command, config));
    };
    await run("server", ["httpd", "-f", "-p", String(port), "-h", "/tmp"]);
    const address = await until(api, `${path}/pods/server`, wait, ({ status }) =>
      status?.phase === "Running" ? status.podIP : undefined,
    );
    if (address === undefined)
      return unknown(`the probe's pod did not run within ${wait / 1000} s`, eventsHint(namespace));
    const calls = async (name: string) => {
      await run(name, ["nc", "-z", "-w", "5", address, String(port)]);
      return until(api, `${path}/pods/${name}`, wait, ({ status }) =>
        ["Succeeded", "Failed"].includes(status?.phase ?? "") ? status?.phase : undefined,
      );
    };
    const open = await calls("before");
    if (open !== "Succeeded") {
      return unknown(
        "the probe's pods cannot reach each other even without a policy",
        eventsHint(namespace),
      );
    }
    await post(`/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`, {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "closed" },
      spec: { podSelector: { matchLabels: { probe: "server" } }, policyTypes: ["Ingress"] },
    });
    // Plugins need a moment to enforce a policy.
    await sleep(Math.min(5000, wait));
    const closed = await calls("after");
    if (closed === undefined)
      return unknown("the probe's second call did not end", eventsHint(namespace));
    return closed === "Failed"
      ? ok("a policy blocked the probe")
      : missing(
          "a policy did not block the probe",
          "install a network plugin that enforces policies",
        );
  } catch (error) {
    const reason = reasonOf(error);
    return unknown(`the probe could not run: ${reason}`, "run it with the rights to create pods");
  } finally {
    await api.ask("DELETE", path);
  }
}

function eventsHint(namespace: string): string {
  return `kubectl get events -A | grep ${namespace} shows why`;
}

function pod(name: string, command: string[], { images: source }: Pick<StackConfig, "images">) {
  const image = imageReference(images.busybox, source);
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, labels: { probe: name } },
    spec: {
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 0,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65_534,
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: [
        {
          name: "probe",
          image,
          command,
          resources: {
            requests: { cpu: "10m", memory: "16Mi", "ephemeral-storage": "8Mi" },
            limits: { cpu: "100m", memory: "32Mi", "ephemeral-storage": "32Mi" },
          },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        },
      ],
    },
  };
}

/** Polls a pod until `valueOf` returns a value from its status; undefined after the timeout. */
async function until<T>(
  api: DoctorApi,
  path: string,
  wait: number,
  valueOf: (pod: PodStatus) => T | undefined,
): Promise<T | undefined> {
  for (const end = Date.now() + wait; Date.now() < end; await sleep(500)) {
    const found = await api.get<PodStatus>(path);
    const answer = found === undefined ? undefined : valueOf(found);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

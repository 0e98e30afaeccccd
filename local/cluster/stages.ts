/** A lifecycle stage of a simulated node or pod. A single custom stage replaces all of kwok's defaults. */
type Stage = object;

/** A stage that never matches, so that kwok ignores pods. */
export const leavePods: Stage[] = [
  stage("pods-are-left-alone", { matchLabels: { "platform/never": "true" } }, 0, {
    statusTemplate: "phase: Running",
  }),
];

/**
 * Returns stages of pods that take time to become ready, and to end, like real ones.
 * @param delay milliseconds.
 */
export function slowPods(delay: number): Stage[] {
  const deleted = (operator: string) => ({ key: ".metadata.deletionTimestamp", operator });
  const phase = (value: string) => ({ key: ".status.phase", operator: "In", values: [value] });
  const job = { key: ".metadata.ownerReferences.[].kind", operator: "In", values: ["Job"] };
  const unready = {
    key: '.status.conditions.[] | select( .type == "Ready" ) | .status',
    operator: "NotIn",
    values: ["True"],
  };
  return [
    stage("node-ready", { matchExpressions: [unready] }, 0, { statusTemplate: nodeStatus }, "Node"),
    stage("pod-ready", { matchExpressions: [deleted("DoesNotExist"), phase("Pending")] }, delay, {
      statusTemplate: readyStatus,
    }),
    stage(
      "pod-complete",
      { matchExpressions: [deleted("DoesNotExist"), phase("Running"), job] },
      delay,
      { statusTemplate: completeStatus },
    ),
    stage("pod-delete", { matchExpressions: [deleted("Exists")] }, delay, { delete: true }),
  ];
}

function stage(name: string, selector: object, delay: number, next: object, kind = "Pod"): Stage {
  return {
    apiVersion: "kwok.x-k8s.io/v1alpha1",
    kind: "Stage",
    metadata: { name },
    spec: {
      resourceRef: { apiGroup: "v1", kind },
      selector,
      delay: { durationMilliseconds: delay },
      next,
    },
  };
}

/** kwok's templates; their functions know the conditions of nodes and the addresses of pods. */
const nodeStatus = `{{ $now := Now }}
phase: Running
conditions:
{{ range NodeConditions }}
- type: {{ .type | Quote }}
  status: {{ .status | Quote }}
  reason: {{ .reason | Quote }}
  message: {{ .message | Quote }}
  lastHeartbeatTime: {{ $now | Quote }}
  lastTransitionTime: {{ $now | Quote }}
{{ end }}
`;

const completeStatus = `phase: Succeeded
conditions:
- { type: Ready, status: "False", reason: PodCompleted }
`;

const readyStatus = `{{ $now := Now }}
phase: Running
startTime: {{ $now | Quote }}
conditions:
{{ range $type := list "Initialized" "ContainersReady" "Ready" }}
- { type: {{ $type }}, status: "True", lastTransitionTime: {{ $now | Quote }} }
{{ end }}
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  ready: true
  started: true
  restartCount: 0
  state: { running: { startedAt: {{ $now | Quote }} } }
{{ end }}
{{ with PodIPsWith .spec.nodeName ( or .spec.hostNetwork false ) .metadata.uid .metadata.name .metadata.namespace }}
podIP: {{ index . 0 | Quote }}
podIPs:
{{ range . }}
- ip: {{ . | Quote }}
{{ end }}
{{ end }}
`;

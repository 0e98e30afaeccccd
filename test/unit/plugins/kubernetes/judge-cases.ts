export type Part = Record<string, unknown>;

const condition = (type: string, status: string, more: object = {}) => ({
  conditions: [{ type, status, ...more }],
});

const seen = { observedGeneration: 2 };

const unseen = "waiting: the controller has not seen the change yet";

/** Returns the status of a StatefulSet whose pods are all ready, with a single revision. */
const whole = (pods: number) => ({
  ...seen,
  ...{ replicas: pods, readyReplicas: pods, currentReplicas: pods },
  ...{ currentRevision: "b", updateRevision: "b" },
});

type Case = [title: string, spec: Part, status: Part, verdict: string];

export const cases: Record<string, Case[]> = {
  Deployment: [
    ["just made", {}, {}, unseen],
    [
      "changed since",
      {},
      { observedGeneration: 1, updatedReplicas: 1, availableReplicas: 1 },
      unseen,
    ],
    [
      "one of its one pod",
      {},
      { ...seen, replicas: 1, updatedReplicas: 1, availableReplicas: 1 },
      "ready",
    ],
    ["no pods wanted", { replicas: 0 }, seen, "ready"],
    [
      "not all made",
      { replicas: 3 },
      { ...seen, updatedReplicas: 1 },
      "waiting: 1 of 3 pods are updated",
    ],
    [
      "old pods still there",
      { replicas: 2 },
      { ...seen, replicas: 3, updatedReplicas: 2, availableReplicas: 3 },
      "waiting: pods of the old version are still terminating",
    ],
    [
      "not all available",
      { replicas: 2 },
      { ...seen, replicas: 2, updatedReplicas: 2, availableReplicas: 1 },
      "waiting: 1 of 2 pods are available",
    ],
    [
      "out of time",
      { replicas: 2 },
      {
        ...seen,
        ...condition("Progressing", "False", {
          reason: "ProgressDeadlineExceeded",
          message: "timed out",
        }),
      },
      "failed: timed out",
    ],
    [
      "refused its pods",
      { replicas: 2 },
      {
        ...seen,
        replicas: 1,
        updatedReplicas: 1,
        ...condition("ReplicaFailure", "True", { message: "exceeded quota: team" }),
      },
      "waiting: 1 of 2 pods are updated; exceeded quota: team",
    ],
    [
      "refused its pods, and out of time",
      { replicas: 2 },
      {
        ...seen,
        conditions: [
          { type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" },
          { type: "ReplicaFailure", status: "True", reason: "FailedCreate" },
        ],
      },
      "failed: ProgressDeadlineExceeded; FailedCreate",
    ],
    [
      "out of time before the change was seen",
      {},
      {
        observedGeneration: 1,
        ...condition("Progressing", "False", { reason: "ProgressDeadlineExceeded" }),
      },
      unseen,
    ],
  ],
  StatefulSet: [
    ["just made", { replicas: 1 }, {}, unseen],
    [
      "not all ready",
      { replicas: 3 },
      { ...seen, readyReplicas: 2 },
      "waiting: 2 of 3 pods are ready",
    ],
    [
      "one pod more than wanted",
      { replicas: 2 },
      { ...whole(3), readyReplicas: 2 },
      "waiting: 2 of 2 pods are ready",
    ],
    [
      "all ready, of the old version",
      { replicas: 3 },
      { ...whole(3), updatedReplicas: 1, updateRevision: "c" },
      "waiting: 1 of 3 pods are updated",
    ],
    ["all ready, of the new version", { replicas: 3 }, whole(3), "ready"],
    [
      "updated by hand",
      { replicas: 1, updateStrategy: { type: "OnDelete" } },
      { ...whole(1), updateRevision: "c" },
      "ready",
    ],
    [
      // Like the official plugin, which ignores partitions.
      "updated down to its partition",
      { replicas: 3, updateStrategy: { rollingUpdate: { partition: 2 } } },
      { ...whole(3), updatedReplicas: 1, updateRevision: "c" },
      "waiting: 1 of 3 pods are updated",
    ],
  ],
  DaemonSet: [
    ["just made", {}, {}, unseen],
    ["no machine wants it", {}, seen, "ready"],
    [
      "not all updated",
      {},
      { ...seen, desiredNumberScheduled: 3, updatedNumberScheduled: 1, numberAvailable: 3 },
      "waiting: 1 of 3 pods are updated",
    ],
    [
      "updated by hand",
      { updateStrategy: { type: "OnDelete" } },
      { ...seen, desiredNumberScheduled: 3, updatedNumberScheduled: 1, numberAvailable: 3 },
      "ready",
    ],
    [
      "not all available",
      {},
      { ...seen, desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 2 },
      "waiting: 2 of 3 pods are available",
    ],
  ],
  Job: [
    ["just made", {}, {}, "waiting: 0 pods running, 0 failed"],
    ["at work", {}, { active: 1, failed: 2 }, "waiting: 1 pods running, 2 failed"],
    ["complete", {}, condition("Complete", "True"), "ready"],
    ["failed", {}, condition("Failed", "True", { message: "too often" }), "failed: too often"],
    [
      "failed for a reason",
      {},
      condition("Failed", "True", { reason: "Deadline" }),
      "failed: Deadline",
    ],
  ],
  Pod: [
    ["ready", {}, { phase: "Running", ...condition("Ready", "True") }, "ready"],
    ["at its end", {}, { phase: "Succeeded", ...condition("Ready", "False") }, "ready"],
    ["failed", {}, { phase: "Failed" }, "failed: the pod failed"],
    ["without a place", {}, { phase: "Pending" }, "waiting: the pod is Pending"],
    [
      "not ready",
      {},
      { phase: "Running", ...condition("Ready", "False", { message: "its probe fails" }) },
      "waiting: its probe fails",
    ],
  ],
  PersistentVolumeClaim: [
    ["bound", {}, { phase: "Bound" }, "ready"],
    ["open", {}, { phase: "Pending" }, "waiting: the claim is not bound to a volume yet"],
  ],
  PersistentVolume: [
    ["just made", {}, {}, "waiting: the volume is not seen yet"],
    ["free", {}, { phase: "Available" }, "ready"],
    ["in use", {}, { phase: "Bound" }, "ready"],
    ["left over", {}, { phase: "Released" }, "waiting: the volume is Released"],
  ],
  ResourceQuota: [
    [
      "just made",
      { hard: { pods: "5" } },
      {},
      "waiting: the controller has not applied the new limits yet",
    ],
    [
      "counted by the old limits",
      { hard: { pods: "5" } },
      { hard: { pods: "4" } },
      "waiting: the controller has not applied the new limits yet",
    ],
    ["counted", { hard: { pods: "5" } }, { hard: { pods: "5" } }, "ready"],
  ],
  ReplicationController: [
    ["just made", { replicas: 2 }, {}, "waiting: 0 of 2 pods are available"],
    ["whole", { replicas: 2 }, { availableReplicas: 2 }, "ready"],
  ],
  Secret: [["of any type but a token's", {}, {}, "ready"]],
  CustomResourceDefinition: [
    ["just made", {}, {}, "waiting: the definition is not served yet"],
    ["served", {}, condition("Established", "True"), "ready"],
    [
      "refused",
      {},
      condition("NamesAccepted", "False", { message: "its plural is taken" }),
      "failed: its plural is taken",
    ],
  ],
};

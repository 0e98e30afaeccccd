import { tools } from "../../versions/tools";
import { copyOf } from "./sources";
import type { Tool } from "./tool";

const argoRollouts = { module: "github.com/argoproj/argo-rollouts", version: tools.argoRollouts };
const flagger = { module: "github.com/fluxcd/flagger", version: tools.flagger };

/** Files with the CRDs of a compared system, in the Go module of its controller. */
export interface ComparedDefinitions {
  name: string;
  module: string;
  version: string;
  files: string[];
  /** SHA-256 of the files, one after the other. */
  sha256: string;
}

/** CRDs of the compared systems. */
export const comparedDefinitions = {
  argoRollouts: {
    name: "argo-rollouts",
    ...argoRollouts,
    files: [
      "analysis-run",
      "analysis-template",
      "cluster-analysis-template",
      "experiment",
      "rollout",
    ].map((kind) => `manifests/crds/${kind}-crd.yaml`),
    sha256: "a1eb7452d016286dd549acfb71435605b8b55b092373441ef4113147d3f1d6df",
  },
  flagger: {
    name: "flagger",
    ...flagger,
    files: ["artifacts/flagger/crd.yaml"],
    sha256: "6c1080b49bb03e84ba34e019622911a1dabff8d7e83c880c4069704788f73839",
  },
} as const satisfies Record<string, ComparedDefinitions>;

/** Controllers of other release systems, for the benchmark that compares releases; no set-up installs them. */
export const comparisonTools: readonly Tool[] = [
  {
    name: "argo-rollouts",
    version: argoRollouts.version,
    purpose: "comparison",
    module: "argo-rollouts",
    source: copyOf(argoRollouts.module),
    binaries: { "rollouts-controller": "./cmd/rollouts-controller" },
    stamp: [`${argoRollouts.module}/utils/version.version=v${argoRollouts.version}`],
  },
  {
    name: "flagger",
    version: flagger.version,
    purpose: "comparison",
    module: "flagger",
    source: copyOf(flagger.module),
    binaries: { flagger: "./cmd/flagger" },
    stamp: [],
  },
];

import type { CrdSource } from "./crds";
import { copyOf } from "./sources";
import type { Tool } from "./tool";

const argoRollouts = "1.9.0";
const flagger = "1.36.1";

/** CRDs of the compared systems, from the modules that their controllers are built from. */
export const comparedCrds = {
  argoRollouts: {
    name: "argo-rollouts",
    version: `v${argoRollouts}`,
    module: "github.com/argoproj/argo-rollouts",
    folder: "manifests/crds",
    sha256: "dfe0d138250fb9382caeee59861e2bb6149c9eebaa1042d98c79944b5e82cc1a",
  },
  flagger: {
    name: "flagger",
    version: `v${flagger}`,
    module: "github.com/fluxcd/flagger",
    folder: "artifacts/flagger",
    file: "crd.yaml",
    sha256: "782ede08dcf0ef7a2930d55ed91d211b0d721e04be69ccb36ef25d8edbd95a4d",
  },
} as const satisfies Record<string, CrdSource>;

/** Controllers of other release systems, for the benchmark that compares releases; no set-up installs them. */
export const comparisonTools: readonly Tool[] = [
  {
    name: "argo-rollouts",
    version: argoRollouts,
    purpose: "comparison",
    module: "argo-rollouts",
    source: copyOf(comparedCrds.argoRollouts.module),
    binaries: { "rollouts-controller": "./cmd/rollouts-controller" },
    stamp: [`${comparedCrds.argoRollouts.module}/utils/version.version=v${argoRollouts}`],
  },
  {
    name: "flagger",
    version: flagger,
    purpose: "comparison",
    module: "flagger",
    source: copyOf(comparedCrds.flagger.module),
    binaries: { flagger: "./cmd/flagger" },
    stamp: [],
  },
];

import { builtImages } from "./built";

/** Facts that KEDA's images have in common: no shell, and the user of distroless images. */
const distroless = { user: "65532:65532", workdir: "/", shell: false };
const log = ["--zap-log-level=info", "--zap-encoder=console"];

/** KEDA. Its programs take longest to build, so only the nightly tests that run it do that. */
export const keda = builtImages({
  kedaOperator: {
    binary: "keda-operator",
    path: "/keda",
    facts: {
      ...distroless,
      entrypoint: ["/keda", ...log],
      source: "kedacore/keda v2.20.2, Dockerfile: distroless static, USER 65532:65532",
    },
  },
  kedaMetrics: {
    binary: "keda-adapter",
    path: "/keda-adapter",
    facts: {
      ...distroless,
      entrypoint: ["/keda-adapter", "--secure-port=6443", ...log],
      source: "kedacore/keda v2.20.2, Dockerfile.adapter: distroless static, USER 65532:65532",
    },
  },
  kedaWebhooks: {
    binary: "keda-webhooks",
    path: "/keda-admission-webhooks",
    facts: {
      ...distroless,
      entrypoint: ["/keda-admission-webhooks", ...log],
      source: "kedacore/keda v2.20.2, Dockerfile.webhooks: distroless static, USER 65532:65532",
    },
  },
});

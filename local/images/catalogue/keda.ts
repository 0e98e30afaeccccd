import { builtImages } from "./built";

/** KEDA. Its programs take longest to build, so only the nightly tests that run it do that. */
export const keda = builtImages({
  kedaOperator: { binary: "keda-operator", path: "/keda" },
  kedaMetrics: { binary: "keda-adapter", path: "/keda-adapter" },
  kedaWebhooks: { binary: "keda-webhooks", path: "/keda-admission-webhooks" },
});

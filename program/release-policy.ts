import type { ReleasePolicyConfig } from "../config";
import type { ReleasePolicy } from "../releases";

/** What a stack asks of releases, in the terms of the release rules. */
export function policyOf({ check, ...policy }: ReleasePolicyConfig): ReleasePolicy {
  return { ...policy, checkValid: check.validFor, minimumSamples: check.minimumRequests };
}

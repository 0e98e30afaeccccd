import type { Situation } from "./rules";
import type { CheckEvidence, Refusal } from "./types";

/** Seconds by which the clocks of those who check and those who preview may differ. */
const clockSkew = 300;

/** What still stands between a canary and its promotion: time, or a passing check. */
export function soakAndCheck(situation: Situation): Omit<Refusal, "app">[] {
  const { previous, change, now, policy } = situation;
  const key = change.stableKey;
  const since = previous?.releases[key]?.canarySince;
  if (since === undefined) return [refusal(`${key} was never recorded as canary`, "restart it")];
  const soaked = Math.max(0, now - Date.parse(since)) / 1000;
  const missing = policy.soak - soaked;
  if (missing > 0) {
    const until = new Date(Date.parse(since) + policy.soak * 1000).toISOString();
    return [
      refusal(
        `${key} has been canary for ${span(soaked)} of the ${span(policy.soak)} that it needs; ${span(missing)} are missing`,
        `promote it after ${until}`,
      ),
    ];
  }
  return policy.checkRequired ? checkRefusals(situation, Date.parse(since)) : [];
}

function checkRefusals(situation: Situation, since: number): Omit<Refusal, "app">[] {
  const { desired, change, now, policy } = situation;
  const key = change.stableKey;
  const remedy = `run npm run release -- check ${desired.name} and promote with what it finds`;
  const evidence: CheckEvidence | undefined = desired.stable.check;
  if (evidence === undefined) return [refusal(`${key} has no passing check`, remedy)];
  const at = Date.parse(evidence.at);
  if (evidence.release !== key) {
    return [refusal(`the check given for ${key} is of ${evidence.release}`, remedy)];
  }
  if (evidence.verdict !== "pass") {
    return [refusal(`the check of ${key} says ${evidence.verdict}, which never promotes`, remedy)];
  }
  if (!(at >= since + policy.soak * 1000)) {
    return [refusal(`the check of ${key} was made before its soak time was over`, remedy)];
  }
  if (at > now + clockSkew * 1000) {
    return [refusal(`the check of ${key} was made in the future, at ${evidence.at}`, remedy)];
  }
  return [];
}

function refusal(message: string, remedy: string): Omit<Refusal, "app"> {
  const emergency = "; in an emergency add override: { reason, by }";
  return { rule: "canary-before-stable", message, remedy: remedy + emergency };
}

/** Seconds for a person: `1 d 2 h`, `35 min`, `20 s`. */
export function span(seconds: number): string {
  const units: [number, string][] = [
    [86_400, "d"],
    [3600, "h"],
    [60, "min"],
    [1, "s"],
  ];
  const whole = Math.ceil(seconds);
  const first = units.findIndex(([size]) => whole >= size);
  if (first < 0) return "0 s";
  const [size, unit] = units[first] ?? [1, "s"];
  const [nextSize, nextUnit] = units[first + 1] ?? [1, ""];
  const rest = Math.floor((whole % size) / nextSize);
  const more = nextUnit === "" || rest === 0 ? "" : ` ${rest} ${nextUnit}`;
  return `${Math.floor(whole / size)} ${unit}${more}`;
}

import { serverErrors } from "../../../config/error-codes";
import { errorRatio } from "./apps";
import type { Alert, RuleGroup } from "./rule";

const labels = "namespace, app, team";

/** Number of errors in the long window below which an app has too little traffic for a meaningful ratio. */
const minimumErrors = 10;

/** How fast an error budget of 30 days is consumed, over a long and a short window. */
interface Burn {
  long: string;
  short: string;
  /** Multiple of the rate that would consume exactly the budget. */
  factor: number;
}

/** 2 % of the budget in an hour, 5 % in six hours. */
const fast: Burn[] = [
  { long: "1h", short: "5m", factor: 14.4 },
  { long: "6h", short: "30m", factor: 6 },
];

/** 10 % of the budget in a day, and in three days. */
const slow: Burn[] = [
  { long: "1d", short: "2h", factor: 3 },
  { long: "3d", short: "6h", factor: 1 },
];

const windows = ["5m", "30m", "1h", "2h", "6h", "1d", "3d"];

/**
 * Error budgets: every app's error ratio over several windows, and alerts on the rate of consumption.
 * @param objective fraction of requests, 0 to 1, that must not end with a server error.
 */
export function errorBudgets(objective: number): RuleGroup {
  return {
    name: "app-error-budgets",
    rules: [
      {
        record: "app:error_budget:ratio",
        // Without the rounding, 1 - 0.999 is 0.0010000000000000009.
        expr: `${Number((1 - objective).toFixed(9))} * max by (${labels}) (app:backend:info)`,
      },
      ...windows.map((window) => ({
        record: `app:request_errors:ratio_rate${window}`,
        expr: errorRatio(labels, window),
      })),
      alert(
        "critical",
        fast,
        "2m",
        "At this rate, the error budget of 30 days is used up within days.",
      ),
      alert("warning", slow, "15m", "At this rate, the error budget does not last for 30 days."),
    ],
  };
}

function alert(
  severity: Alert["severity"],
  burns: Burn[],
  wait: string,
  consequence: string,
): Alert {
  return {
    alert: "AppErrorBudgetBurn",
    expr: burns.map((burn) => `(${burnCondition(burn)})`).join(" or "),
    for: wait,
    severity,
    summary: "{{ $labels.app }} answers too many requests with errors",
    description: `{{ $value | humanizePercentage }} of the requests to {{ $labels.app }} in {{ $labels.namespace }} end with a server error. ${consequence}`,
  };
}

function burnCondition({ long, short, factor }: Burn): string {
  const allowed = `on (${labels}) ${factor} * app:error_budget:ratio`;
  const over = (window: string) => `app:request_errors:ratio_rate${window} > ${allowed}`;
  const errors = `sum by (${labels}) (increase(app:requests:total{code=~"${serverErrors}"}[${long}]))`;
  return `${over(long)} and ${over(short)} and ${errors} >= ${minimumErrors}`;
}

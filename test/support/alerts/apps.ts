import { commerce, critical, roleService, warning, type AlertCase, type Series } from "./case";

const shop = { ...commerce, namespace: "commerce-dev", app: "shop" };
const canary = { ...shop, ...warning, service: "shop-canary", role: "canary" };

/** Request counters of one role of the app shop: requests per minute by status code. */
function requests(role: string, perMinute: Record<string, number>): Series {
  const backend = `service="commerce-dev-shop-${role}-http-80@kubernetesgateway",instance="gateway-1"`;
  const counters = Object.entries(perMinute).map(([code, count]) => [
    `traefik_service_requests_total{${backend},code="${code}",method="GET",protocol="http"}`,
    `0+${count}x200`,
  ]);
  return { ...Object.fromEntries(counters), ...roleService("shop", role, 400) };
}

/** Successful requests for five hours, followed by an hour in which some of 100 per minute fail. */
function lately(failing: number): Series {
  const [good = "", bad = ""] = Object.keys(requests("stable", { 200: 1, 500: 1 }));
  return {
    ...roleService("shop", "stable", 400),
    [good]: "0+100x400",
    [bad]: `0x300 ${failing}+${failing}x100`,
  };
}

/** A latency histogram of 60 requests per minute, all within a number of seconds. */
function latency(role: string, seconds: number): Series {
  const backend = `service="commerce-dev-shop-${role}-http-80@kubernetesgateway",instance="gateway-1"`;
  return Object.fromEntries(
    ["0.1", "0.3", "1.2", "5", "+Inf"].map((le) => [
      `traefik_service_request_duration_seconds_bucket{${backend},code="200",le="${le}"}`,
      `0+${le === "+Inf" || Number(le) >= seconds ? 60 : 0}x200`,
    ]),
  );
}

/** Requests that all succeed, but for one outage in the 60th minute; its status code was never seen before. */
function outage(errors: number): Series {
  const [good = "", bad = ""] = Object.keys(requests("stable", { 200: 1, 503: 1 }));
  return {
    ...roleService("shop", "stable", 400),
    [`process_start_time_seconds{job="traefik",instance="gateway-1"}`]: "-9999x400",
    [good]: "0+100x400",
    [bad]: `_x60 ${errors}x300`,
  };
}

const both = (series: (role: string) => Series) => ({ ...series("stable"), ...series("canary") });

/** Alerts on apps. */
export const apps: AlertCase[] = [
  {
    alert: "AppErrorBudgetBurn",
    fires: [
      {
        series: requests("stable", { 200: 90, 500: 10 }),
        at: "70m",
        labels: [
          { ...shop, ...critical },
          { ...shop, ...warning },
        ],
      },
      // Fast for an hour, but not overall.
      {
        series: lately(1.6),
        at: "362m",
        labels: [
          { ...shop, ...critical },
          { ...shop, ...warning },
        ],
      },
      { series: lately(1.2), at: "362m", labels: [{ ...shop, ...warning }] },
      { series: outage(140), at: "64m", labels: [{ ...shop, ...critical }] },
      {
        series: requests("stable", { 200: 992, 503: 8 }),
        at: "70m",
        labels: [
          { ...shop, ...critical },
          { ...shop, ...warning },
        ],
      },
      {
        series: requests("stable", { 200: 996, 503: 4 }),
        at: "70m",
        labels: [{ ...shop, ...warning }],
      },
      {
        series: requests("stable", { 200: 998, 503: 2 }),
        at: "70m",
        labels: [{ ...shop, ...warning }],
      },
    ],
    quiet: [
      { series: requests("stable", { 200: 9996, 500: 4 }), at: "70m" },
      { series: outage(20), at: "64m" },
      // The same ratio with very few requests.
      { series: requests("stable", { 200: 0.9, 500: 0.1 }), at: "70m" },
      { series: requests("stable", { 200: 90, 404: 10 }), at: "70m" },
    ],
  },
  {
    alert: "CanaryErrors",
    fires: [
      {
        series: { ...requests("stable", { 200: 90 }), ...requests("canary", { 200: 9, 502: 1 }) },
        at: "20m",
        labels: [canary],
      },
    ],
    quiet: [
      { series: both((role) => requests(role, { 200: 90, 500: 10 })), at: "20m" },
      {
        series: { ...requests("stable", { 200: 90, 500: 10 }), ...requests("canary", { 200: 90 }) },
        at: "20m",
      },
      {
        series: { ...requests("stable", { 200: 90 }), ...requests("canary", { 200: 1, 502: 1 }) },
        at: "20m",
      },
    ],
  },
  {
    alert: "CanarySlow",
    fires: [
      {
        series: {
          ...both((role) => requests(role, { 200: 60 })),
          ...latency("stable", 0.3),
          ...latency("canary", 1.2),
        },
        at: "20m",
        labels: [canary],
      },
    ],
    quiet: [
      {
        series: {
          ...both((role) => requests(role, { 200: 60 })),
          ...both((it) => latency(it, 1.2)),
        },
        at: "20m",
      },
      { series: { ...latency("stable", 0.3), ...latency("canary", 1.2) }, at: "20m" },
    ],
  },
];

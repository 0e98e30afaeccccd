import { image, resources, team } from "./values";

/** A database outside the cluster. */
const outside = { type: "external", host: "db.test", secret: "db" };

/** A path in the config, a value for it that a program would read differently, and the error: its key and message. */
export const misread: [path: string, value: unknown, error: RegExp][] = [
  ...["999999999999d", "36501d", "876001h"].flatMap((text): [string, unknown, RegExp][] => [
    ["releases.soak", text, /releases\.soak: expected a duration of at most 36500d, got "\d+[dh]"/],
    [
      "apps.shop.steps",
      { weights: [10], every: text },
      /steps\.every: expected a duration of at most 36500d, got/,
    ],
    [
      "components.monitoring.prometheus",
      { retention: text },
      /prometheus\.retention: expected a duration of at most 36500d, got/,
    ],
  ]),
  ...[
    ["releases.check", { window: "0s" }, "window", "1s"],
    ["releases.check", { windows: ["5m", "0m"] }, "windows[1]", "1s"],
    ["releases.check", { validFor: "0d" }, "validFor", "1s"],
    ["components.gateway.timeouts", { read: "0s" }, "read", "1s"],
    ["components.gateway.timeouts", { idle: "0h" }, "idle", "1s"],
    ["components.monitoring.prometheus", { scrapeInterval: "0s" }, "scrapeInterval", "1s"],
    ["components.monitoring.prometheus", { retention: "119m" }, "retention", "2h"],
    ["components.monitoring.alertmanager", { retention: "11h" }, "retention", "12h"],
    ["components.tracing.sampling", { wait: "0s" }, "wait", "1s"],
    ["components.tracing.tempo", { retention: "0d" }, "retention", "1h"],
    ["components.artifacts.cleanup", { unusedFor: "0d" }, "unusedFor", "1d"],
    ["components.registry.retention", { pulledWithin: "23h" }, "pulledWithin", "1d"],
  ].map(([path, value, key, least]): [string, unknown, RegExp] => [
    path as string,
    value,
    textOf(
      `${path as string}.${key as string}: expected a duration of at least ${least as string}, got "`,
    ),
  ]),
  ...["0 0 30 2 *", "0 0 31 4,6,9-11/2 *", "0 0 30-31 2 */1"].map(
    (schedule): [string, unknown, RegExp] => [
      "apps.shop.cron",
      { clean: { schedule, command: ["/clean"] } },
      textOf(
        `clean.schedule: expected a date that exists, got "${schedule}"; otherwise the job never runs`,
      ),
    ],
  ),
  ...["99999999999Ti", "1048577Ti", "1073741825Gi", `${"9".repeat(400)}Ki`].flatMap((size) =>
    [
      ["apps.shop.maxBodySize", size, "maxBodySize"],
      ["apps.shop.tmp", size, "tmp"],
      [`${team}.quota`, { cpu: "1", memory: size, pods: 1 }, "quota.memory"],
      ["components.artifacts.heap", size, "heap"],
    ].map(([path, value, key]): [string, unknown, RegExp] => [
      path as string,
      value,
      textOf(`${key as string}: expected a size of at most 1048576Ti, got "${size.slice(0, 9)}`),
    ]),
  ),
  ...["1000001", "1000000.001", "1000000001m", "9".repeat(400)].map(
    (cpu): [string, unknown, RegExp] => [
      `${team}.quota`,
      { cpu, memory: "1Gi", pods: 1 },
      textOf(`quota.cpu: expected at most 1000000 cores, got "${cpu.slice(0, 9)}`),
    ],
  ),
  ...[1e-9, 0.0009, 1e13, 1e300].map((perPod): [string, unknown, RegExp] => [
    "apps.shop.scaling",
    { min: 1, max: 2, queries: { queue: { query: "up", perPod } } },
    textOf("queue.perPod: expected a number from 0.001 to 1000000000000, got"),
  ]),
  ...["//health", "/health#now", "//"].map((path): [string, unknown, RegExp] => [
    "apps.shop.probes",
    { liveness: { path } },
    textOf(`liveness.path: expected a path with one slash first and without #, got "${path}"`),
  ]),
  ...["/metrics?format=text", "//metrics", "/a b", "/a#b", "/a\n"].map(
    (path): [string, unknown, RegExp] => [
      "apps.shop.metrics",
      { path },
      textOf("metrics.path: expected a path with one slash first, without ?, # and spaces, got"),
    ],
  ),
  [
    "apps.shop.configFiles",
    { "/etc/hosts": "10.0.0.1 a" },
    /configFiles\["\/etc\/hosts"\]: expected a path other than \/etc\/hosts, .* use hostAliases/,
  ],
  [
    "apps.shop.secretFiles",
    { "/etc": "keys" },
    /secretFiles\["\/etc"\]: expected a path other than \/etc, in which the kubelet mounts/,
  ],
  [
    "apps.shop.resources",
    resources({ cpu: "0.0" }, { cpu: "0.00" }),
    /resources\.requests\.cpu: expected more CPU than 0, .* got "0\.0"\n.*limits\.cpu: .* got "0\.00"/,
  ],
  [
    "apps.shop.initContainers",
    [{ name: "a", image, resources: resources({ cpu: "0.000" }, {}) }],
    /initContainers\[0\]\.resources\.requests\.cpu: expected more CPU than 0/,
  ],
  [
    "components.ci.agents",
    { quota: { cpu: "0.0", memory: "1Gi", pods: 1 } },
    /ci\.agents\.quota\.cpu: expected more CPU than 0, for example 50m, got "0\.0"/,
  ],
  [
    "components.registry.garbageCollection",
    "0 0 2 30 2 *",
    /garbageCollection: expected a date that exists, got "0 0 2 30 2 \*"; otherwise the job never runs/,
  ],
  ...[
    ["components.registry.storage", { type: "s3", bucket: "My_Bucket", secret: "s" }, "bucket"],
    ["components.registry.database", { ...outside, name: "a b" }, "name"],
    ["components.artifacts.database", { ...outside, type: "postgresql", name: "a?b=c" }, "name"],
    ["components.ci.stacks.dev", { stack: "dev; true" }, "stack"],
    ["components.ci.repository", { url: "https://git.test/x", branch: "a b" }, "branch"],
    ["components.ci.repository", { url: "https://git.test/x", branch: "../a" }, "branch"],
    ["components.ci.repository", { url: "https://git.test/x", branch: "a.lock" }, "branch"],
  ].map(([path, value, key]): [string, unknown, RegExp] => [
    path as string,
    value,
    new RegExp(
      `${path as string}\\.${key as string}: expected a (bucket|database|stack|branch)'s name`,
    ),
  ]),
  [
    "components.ci.backup.target",
    { type: "s3", endpoint: "https://s3.test", bucket: "A", secret: "s" },
    /target\.bucket: expected a bucket's name: 3 to 63 lower-case letters, .* got "A"/,
  ],
  ["components.artifacts.heap", "1Ki", /artifacts\.heap: expected at least 1Gi, got "1Ki"/],
  [
    "components.monitoring.alertRoutes",
    { default: [{ type: "slack", channel: "{{ .x }}", url: { secret: "s", key: "k" } }] },
    /default\[0\]\.channel: expected a channel such as #alerts, without spaces and braces, got/,
  ],
  [
    "components.storage",
    { nfs: { exports: { files: { server: "nfs.test", share: "/a/../b" } } } },
    /files\.share: expected a path without \. and \.\. between its slashes, got "\/a\/\.\.\/b"/,
  ],
  [
    "components.storage",
    { nfs: { exports: { files: { server: "nfs.test", share: "/a//b" } } } },
    /files\.share: expected a path with single slashes, got/,
  ],
  [
    "components.storage",
    { nfs: { exports: { files: { server: "nfs.test", share: "/a", mountOptions: ["ro rw"] } } } },
    /mountOptions\[0\]: expected an option of the command mount, without spaces and quotes, got/,
  ],
  ...["0.0.0.0/0", "::/0", "8.0.0.0/7"].map((cidr): [string, unknown, RegExp] => [
    "components.gateway.proxies",
    { forwardedHeaders: ["10.0.0.0/8"], proxyProtocol: [cidr] },
    textOf(`proxyProtocol[0]: expected a range with a prefix of at least /8, got "${cidr}"; name`),
  ]),
  [
    `${team}.labels`,
    { "kubernetes.io/metadata.name": "x", "platform/team": "y" },
    /name"\]: expected no label that the namespace already has, got "x"; remove it\n.*platform\/team/,
  ],
  ...["enforce", "enforce-version", "audit", "audit-version", "warn", "warn-version", "other"].map(
    (label): [string, unknown, RegExp] => [
      `${team}.labels`,
      { [`pod-security.kubernetes.io/${label}`]: "v1.0" },
      textOf(
        `["pod-security.kubernetes.io/${label}"]: expected no label of Pod Security, got "v1.0"; set podSecurity of the team`,
      ),
    ],
  ),
  ...["apps.shop.check", "releases.check"].map((path): [string, unknown, RegExp] => [
    path,
    { queries: { load: { query: "up", min: 2, max: 1 } } },
    textOf(`${path}.queries.load: expected a min of at most max, got min 2 and max 1`),
  ]),
  [
    "apps.shop.externalServices",
    { db: { addresses: Array.from({ length: 1001 }, () => "10.0.0.1"), port: 1 } },
    /db\.addresses: expected a list of at most 1000 items, got/,
  ],
];

/** Returns a pattern that matches a text as it is. */
function textOf(text: string): RegExp {
  return new RegExp(text.replaceAll(/[.[\]()*?{}$|^+\\]/g, "\\$&"));
}

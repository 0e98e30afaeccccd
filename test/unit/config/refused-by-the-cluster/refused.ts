import { team, image, resources } from "./values";

const definitions = { file: ".local/crds/gateway-api-v1.4.0.json", sha256: "a".repeat(64) };

/** A path in the config, a value for it, and the error: its key and message. */
export const refused: [path: string, value: unknown, error: RegExp][] = [
  ["apps.shop.sidecars", { shop: { image } }, /shop\.sidecars\.shop: expected a container name/],
  ["apps.shop.initContainers", [{ name: "shop", image }], /initContainers\[0\]\.name: expected/],
  ["apps.shop.initContainers", [{ name: "proxy", image }], /initContainers\[0\]\.name: expected/],
  [
    "apps.shop.initContainers",
    [
      { name: "a", image },
      { name: "a", image },
    ],
    /initContainers\[1\]\.name: expected/,
  ],
  ["apps.shop.secretFiles", { "/etc/shop/shop.yaml": "x" }, /expected a path that nothing else/],
  ["apps.shop.secretFiles", { "/etc/shop": "x" }, /outside \/etc\/shop, where a Secret/],
  ["apps.shop.logDirectories", { accesslogs: "/tmp" }, /a path other than \/tmp/],
  ["apps.shop.secretFiles", { "/tmp": "x" }, /a path other than \/tmp/],
  ["apps.shop.configFiles", { "/proc/x": "x" }, /outside \/proc/],
  ["apps.shop.secretFiles", { "/dev": "x" }, /outside \/dev/],
  ["apps.shop.configFiles", { [`/etc/${"a".repeat(300)}`]: "x" }, /at most 255/],
  ["apps.shop.configFiles", { [`/etc/${"a".repeat(250)}`]: "x" }, /at most 246/],
  [
    "apps.shop.configFiles",
    { "/etc/a": "x", "/etc/a/b": "x" },
    /\["\/etc\/a\/b"\]: expected .* not below \/etc\/a, which is a file/,
  ],
  ["apps.shop.secretFiles", { "/etc/shop/shop.yaml/x": "x" }, /expected a path that is not below/],
  ["apps.shop.logDirectories", { accesslogs: "/etc/shop/shop.yaml/x" }, /not below \/etc\/shop/],
  ["apps.shop.env", { POD_NAME: "x" }, /env\.POD_NAME: expected a variable other than POD_NAME, /],
  [
    "apps.shop.secretEnv",
    { POD_NAME: { secret: "s", key: "k" } },
    /secretEnv\.POD_NAME: expected a variable other than POD_NAME, .* give it another name/,
  ],
  [
    "apps.shop.resources",
    resources({}, { "ephemeral-storage": "32Mi" }),
    /limits\.ephemeral-storage: expected at least 64Mi, .* got "32Mi"; or set requests\.eph/,
  ],
  [
    "apps.shop.sidecars",
    { proxy: { image, resources: resources({}, { "ephemeral-storage": "32Mi" }) } },
    /proxy\.resources\.limits\.ephemeral-storage: expected at least 64Mi/,
  ],
  [
    "apps.shop.scaling",
    {
      min: 4,
      max: 9,
      times: [{ from: "0 7 * * *", to: "0 9 * * *", timeZone: "Etc/UTC", min: 4 }],
    },
    /scaling\.times\[0\]\.min: expected more than scaling\.min, 4, got 4; leave the time out/,
  ],
  ["apps.shop.env", { PASSWORD: "x" }, /secretEnv\.PASSWORD: expected a variable that nothing/],
  [
    "apps.shop.secretEnv",
    { A: { secret: "s", key: "a b/c" } },
    /A\.key: expected a key of a Secret/,
  ],
  ...(
    [
      ["127.0.0.1", "loopback"],
      ["169.254.169.254", "link-local"],
      ["100.100.100.200", "the address of Alibaba Cloud's metadata service"],
      ["224.0.0.1", "multicast"],
      ["0.0.0.0", "unspecified"],
      ["255.255.255.255", "reserved"],
    ] as const
  ).map(([address, what]): [string, unknown, RegExp] => [
    "apps.shop.externalServices",
    { x: { addresses: [address], port: 1 } },
    new RegExp(`addresses\\[0\\]: expected .* got "${address}", (an? )?${what}`),
  ]),
  ["apps.shop.externalServices", { x: { addresses: ["db"], port: 1 } }, /externalServices\.x/],
  ...["169.254.169.254/32", "169.254.0.0/16", "100.100.100.200/32", "fd00:ec2::254/128"].map(
    (cidr): [string, unknown, RegExp] => [
      `${team}.egress`,
      [{ cidr, ports: [80] }],
      /cidr: expected a range without a cloud's metadata service, .*; name another range, or set a reason/,
    ],
  ),
  [`${team}.egress`, [{ cidr: "10.0.0.0/33", ports: [1] }], /an address range such as/],
  [`${team}.egress`, [{ cidr: "10.0.0.1/8", ports: [1] }], /write 10\.0\.0\.0\/8 for the range/],
  [`${team}.egress`, [{ cidr: "2001:db8::1/32", ports: [1] }], /write 2001:db8::\/32 for the/],
  [`${team}.egress`, [{ cidr: "128.0.0.0/1", ports: [1] }], /prefix of at least \/8/],
  [`${team}.labels`, { [`${"a".repeat(300)}/x`]: "y" }, /expected a key such as/],
  [`${team}.labels`, { "a..b/x": "y" }, /expected a key such as/],
  [
    "components.gateway.exposure",
    { type: "LoadBalancer", annotations: { "a b": "x" } },
    /expected a key such as/,
  ],
  [
    "components.gateway.exposure",
    { type: "HostPort", http: 80, https: 80 },
    /exposure\.https: expected a host port that nothing else uses/,
  ],
  ["images.mirror", "https://m.test", /expected a registry address without a scheme/],
  ["images.mirror", "m.test//x", /expected a registry address/],
  ["images.mirror", "m.test:99999/x", /expected a port from 1 to 65535/],
  [
    "apps.shop.resources",
    resources({ cpu: "1" }, {}),
    /resources\.requests\.cpu: expected at most limits\.cpu, 200m, got "1"/,
  ],
  ["apps.shop.resources", resources({ memory: "1Gi" }, {}), /requests\.memory: expected at most/],
  ["apps.shop.resources", resources({ memory: "x" }, {}), /requests\.memory: expected a size/],
  ["apps.shop.maxUnavailable", 500, /expected at most scaling\.max, 3, got 500/],
  ["apps.shop.domain", "harbor.platform.test", /expected a host name that nothing else uses/],
  ["apps.shop.domain", "nexus.platform.test", /expected a host name that nothing else uses/],
  ["apps.shop.domain", "ci.platform.test", /expected a host name that nothing else uses/],
  ["apps.shop.domain", "127.0.0.1", /domain: expected a host name, not an IP address, got/],
  ["apps.shop.externalServices", { x: { host: "10.0.0.1" } }, /not an IP address/],
  [
    "components.gateway.tls",
    { secret: "tls", hostname: "10.0.0.1" },
    /tls\.hostname: expected a host name, not/,
  ],
  ["apps.shop.env", { A: "\ud800" }, /shop\.env\.A: expected text without NUL and unpaired/],
  ["apps.shop.env", { A: "a\u0000" }, /shop\.env\.A: expected text without NUL/],
  ["apps.shop.env", { "a\u0000": "" }, /shop\.env\["a\\u0000"\]: expected text without NUL/],
  [
    "components.gateway",
    { crds: definitions, middlewares: { crds: definitions } },
    /middlewares\.crds\.sha256: expected a checksum of definitions that nothing else uses/,
  ],
  [`${team}.egress`, [{ cidr: "::ffff:10.0.0.0/104", ports: [1] }], /cidr: expected an IPv4 range/],
  [
    "apps.shop.hostAliases",
    { "::ffff:10.0.0.1": ["a.test"] },
    /expected an IP address, got "::ffff/,
  ],
  [
    "domain",
    `${"a.".repeat(123)}test`,
    /platform:domain: expected at most 246 characters, because harbor\. is added in front, got/,
  ],
  ["apps.shop.logDirectories", { accesslogs: "/a/../b" }, /a path without \. and \.\. between/],
  ["apps.shop.configFiles", { "/etc/./x": "" }, /a path without \. and \.\. between its slashes/],
  [
    "components.storage.kubeletDirectory",
    "/../var",
    /kubeletDirectory: expected a path without \./,
  ],
  [
    "components.autoscaling",
    { keda: { prometheus: "http://a.test:0" } },
    /keda\.prometheus: expected an address with a port from 1 to 65535, or without one, got/,
  ],
  [
    "apps.shop.tracesEndpoint",
    "http://u:p@a.test",
    /an address without a user name and a password/,
  ],
  [
    "apps.shop.tracesEndpoint",
    "http://a.test/a b",
    /without spaces, quotes and letters beyond ASCII/,
  ],
  [
    "apps.shop.tracesEndpoint",
    "http:a.test",
    /an address that starts with http:\/\/ or https:\/\//,
  ],
  ...["a..test/x", "a.test//x", "a.test/x.", "a.test/_x", "a.test/-x"].map(
    (text): [string, unknown, RegExp] => [
      "apps.shop.image",
      text,
      /image: expected an image repository without a tag/,
    ],
  ),
  ["apps.shop.image", "a.test:99999/x", /image: expected a port from 1 to 65535 after the host/],
  ["apps.shop.image", `a.test/${"x".repeat(250)}`, /an image's name of at most 255 characters/],
  ...["a::/b:1", "a//b:1", "a/b", "a/b:latest", "a/b@sha256:1"].map(
    (text): [string, unknown, RegExp] => [
      "apps.shop.sidecars",
      { proxy: { image: text } },
      /proxy\.image: expected an image with a tag other than "latest", or with a digest/,
    ],
  ),
  ["components.ci.registry", "https://a.test", /ci\.registry: expected a registry's host/],
  ["components.ci.agents", { images: { image: "a b" } }, /images\.image: expected an image such/],
  [
    "components.monitoring.controlPlane.etcd",
    { addresses: ["[2001:db8::1]:65536"] },
    /addresses\[0\]: expected a port from 1 to 65535 after the host/,
  ],
  ["components.registry.garbageCollection", "99 0 2 * * 6", /expected .* 0 to 59 as the second, /],
  [
    "components.backup",
    {
      repository: { endpoint: "http://s3.test", bucket: "abc" },
      credentials: { secret: "s" },
      schedules: { nexus: "99 25 * * *" },
    },
    /schedules\.nexus: expected .* from 0 to 59 as the minute, .*, got "99" in "99 25 /,
  ],
];

import type { Fields, Pair } from "./examples";

const host = "shop.example.com";
const gray = [{ name: "x-gray", type: "Exact", value: "1" }];
const everyone = [{ name: "user-agent", type: "RegularExpression", value: ".*" }];
const prefix = (value: string): Fields => ({ type: "PathPrefix", value });
const filter = (name: string): Fields => ({
  type: "ExtensionRef",
  extensionRef: { group: "traefik.io", kind: "Middleware", name },
});

/** An app's route: requests for its canary, then all others. */
const route = (
  paths: string[],
  { headers = [gray], filters = [] as string[], service = "shop", hosts = [host] } = {},
): Fields => {
  const rest = {
    ...(filters.length === 0 ? {} : { filters: filters.map(filter) }),
    backendRefs: [
      { name: `${service}-stable`, port: 80, weight: 0 },
      { name: `${service}-canary`, port: 80, weight: 100 },
    ],
  };
  return {
    spec: {
      hostnames: hosts,
      rules: [
        {
          matches: headers.flatMap((each) =>
            paths.map((path) => ({ path: prefix(path), headers: each })),
          ),
          ...rest,
        },
        { matches: paths.map((path) => ({ path: prefix(path) })), ...rest },
      ],
    },
  };
};
const ingress = (paths: string[], more: Fields = {}, service = "shop-stable"): Fields => ({
  ...more,
  spec: {
    ingressClassName: "traefik",
    rules: [
      {
        host,
        http: {
          paths: paths.map((path) => ({
            path,
            pathType: "Prefix",
            backend: { service: { name: service, port: { number: 80 } } },
          })),
        },
      },
    ],
  },
});
const attached = (...gateways: string[]): Fields => ({
  spec: { parentRefs: gateways.map((name) => ({ name, namespace: "gateway" })) },
});
const chained = (names: string): Fields => ({
  metadata: {
    name: "x",
    namespace: "a",
    annotations: { "traefik.ingress.kubernetes.io/router.middlewares": names },
  },
});
const allow = (...sourceRange: string[]): Fields => ({ spec: { ipAllowList: { sourceRange } } });
const rate = (average: number, more: Fields = {}): Fields => ({
  spec: { rateLimit: { average, burst: 2000, ...more } },
});
const size = (maxRequestBodyBytes: number): Fields => ({
  spec: { buffering: { maxRequestBodyBytes } },
});
const open = (type: string): Fields => ({
  spec: { type, ports: [{ name: "http", port: 80, nodePort: 32007 }] },
});

/** Who reaches an app by which requests: each danger with the nearest change that is none. */
export const entrances: Pair[] = [
  {
    what: "a route gives up a path",
    kind: "HTTPRoute",
    before: route(["/", "/api"]),
    after: route(["/api"]),
    is: ["exposure", /no longer serves `shop\.example\.com\/`/],
    harmless: { after: route(["/"]) },
  },
  {
    what: "an Ingress gives up a path",
    kind: "Ingress",
    before: ingress(["/", "/api"]),
    after: ingress(["/api"]),
    is: ["exposure", /no longer serves `shop\.example\.com\/`/],
    harmless: { after: ingress(["/", "/api", "/more"]) },
  },
  {
    what: "a path goes to another route",
    kind: "HTTPRoute",
    before: route(["/api", "/pay"]),
    after: route(["/api"]),
    beside: { kind: "HTTPRoute", ...route(["/"]) },
    is: ["exposure", /its requests go to `HTTPRoute a\/neighbour`/],
    harmless: { after: route(["/api", "/pay"]) },
  },
  {
    what: "a host goes to another route",
    kind: "HTTPRoute",
    before: route(["/"], { hosts: [host, "b.example.com"] }),
    after: route(["/"]),
    beside: { kind: "HTTPRoute", ...route(["/"], { hosts: ["b.example.com"] }) },
    is: ["exposure", /serves `b\.example\.com\/`: its requests go to `HTTPRoute a\/neighbour`/],
    harmless: { after: route(["/"], { hosts: [host, "b.example.com"] }) },
  },
  {
    what: "more requests go to the canary",
    kind: "HTTPRoute",
    before: route(["/"]),
    after: route(["/"], { headers: [gray, everyone] }),
    is: ["exposure", /sends more requests to `shop-canary`, whatever the weights are/],
    harmless: { before: route(["/"], { headers: [gray, everyone] }), after: route(["/", "/new"]) },
  },
  {
    what: "requests go to another Service",
    kind: "HTTPRoute",
    before: route(["/"]),
    after: route(["/"], { service: "other" }),
    is: ["exposure", /sends requests to `other-stable 80, other-canary 80`/],
    harmless: { after: route(["/"]) },
  },
  {
    what: "a new route takes requests from another one",
    kind: "HTTPRoute",
    op: "create",
    after: route(["/api"]),
    beside: { kind: "HTTPRoute", ...route(["/"]) },
    is: ["exposure", /takes requests from `HTTPRoute a\/neighbour`: those of `shop\.example/],
    harmless: { beside: { kind: "HTTPRoute", ...route(["/other"]) } },
  },
  {
    what: "a new Ingress takes requests from a route",
    kind: "Ingress",
    op: "create",
    after: ingress(["/"]),
    beside: { kind: "HTTPRoute", ...route(["/"], { hosts: ["*.example.com"] }) },
    is: ["exposure", /`Ingress a\/x` takes requests from `HTTPRoute a\/neighbour`/],
    harmless: { beside: { kind: "HTTPRoute", ...route(["/"], { hosts: ["example.com"] }) } },
  },
  {
    what: "a route is detached from a Gateway",
    kind: "HTTPRoute",
    before: attached("online", "internal"),
    after: attached("online"),
    is: ["exposure", /is no longer attached to `Gateway gateway\/internal`: requests there get a/],
    harmless: { after: attached("internal", "online") },
  },
  {
    what: "a route's requests are no longer checked",
    kind: "HTTPRoute",
    before: route(["/"], { filters: ["shop-allow-list"] }),
    after: route(["/"]),
    is: ["exposure", /no longer has its requests checked .* `Middleware shop-allow-list`/],
    harmless: { after: route(["/", "/api"], { filters: ["shop-allow-list"] }) },
  },
  {
    what: "an Ingress's requests are checked",
    kind: "Ingress",
    before: ingress(["/"]),
    after: ingress(["/"], chained("a-shop-rate-limit@kubernetescrd")),
    is: ["exposure", /has its requests checked .* `a-shop-rate-limit@kubernetescrd`/],
    harmless: { before: ingress(["/"], chained("a-shop-rate-limit@kubernetescrd")) },
  },
  {
    what: "an allow list admits more clients",
    kind: "Middleware",
    before: allow("10.0.0.0/8"),
    after: allow("10.0.0.0/8", "0.0.0.0/0"),
    is: ["exposure", /lets in more clients: `0\.0\.0\.0\/0`/],
    harmless: { after: allow("10.0.0.0/8", "10.1.2.3") },
  },
  {
    what: "an allow list refuses clients",
    kind: "Middleware",
    before: allow("10.0.0.0/8", "192.168.0.0/16"),
    after: allow("10.0.0.0/8"),
    is: ["exposure", /refuses clients that it admitted before: `192\.168\.0\.0\/16`/],
    harmless: { before: allow("10.0.0.0/8", "10.1.0.0/16") },
  },
  {
    what: "clients may send fewer requests",
    kind: "Middleware",
    before: rate(1000),
    after: rate(1),
    is: ["exposure", /rateLimit\.average` falls from `1000` to `1`/],
    harmless: { after: rate(2000) },
  },
  {
    what: "clients may send smaller bodies",
    kind: "Middleware",
    before: size(1_000_000),
    after: size(1000),
    is: ["exposure", /maxRequestBodyBytes` falls from `1000000` to `1000`/],
    harmless: { after: size(2_000_000) },
  },
  {
    what: "a limit goes",
    kind: "Middleware",
    before: size(1_000_000),
    after: size(0),
    is: ["exposure", /no longer limits requests/],
    harmless: { after: size(1_000_000) },
  },
  {
    what: "a client is known by another address",
    kind: "Middleware",
    before: rate(1000),
    after: rate(1000, { sourceCriterion: { ipStrategy: { depth: 1 } } }),
    is: ["exposure", /handles requests differently: `spec\.rateLimit`/],
    harmless: { after: rate(1000) },
  },
  {
    what: "a new Service bypasses the gateway",
    kind: "Service",
    op: "create",
    after: open("NodePort"),
    is: ["exposure", /bypasses the gateway/],
    harmless: { after: open("ClusterIP") },
  },
  {
    what: "a new load balancer bypasses the gateway",
    kind: "Service",
    op: "create",
    after: open("LoadBalancer"),
    is: ["exposure", /`Service a\/x` \(`type LoadBalancer`\)/],
    harmless: { namespace: "new" },
  },
];

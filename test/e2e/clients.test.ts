import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { entryPointPorts, traefikArguments } from "../../components/gateway/traefik-arguments";
import { allowList } from "../../components/shared/middlewares";
import { haproxyCommand } from "../../local/toolchain/haproxy";
import { at, kubernetesObjects } from "../../render/objects";
import { stackNames, stackRecording } from "../support/stacks";
import { until } from "../support/until";
import { ask, TraefikProcess } from "./support/traefik";
import { startProxy, type Tells } from "./support/proxy";

/** Addresses in the test's network namespace, whose loopback device has all of 10.0.0.0/16. */
const [client, stranger, layer4, layer7, blind, backend] = [
  "10.0.9.1",
  "10.0.9.2",
  "10.0.8.4",
  "10.0.8.7",
  "10.0.8.1",
  "10.0.7.1",
] as const;
const entrance = "10.0.6.1";
const proxyPort = 8000;
const open = "open.example.com";
const listed = "listed.example.com";

describe("the arguments of every stack", () => {
  const folder = mkdtempSync(join(tmpdir(), "arguments-"));
  after(() => rmSync(folder, { recursive: true }));

  for (const stack of stackNames) {
    it(`are known to the real Traefik: ${stack}`, async () => {
      const objects = kubernetesObjects((await stackRecording(stack)).registrations);
      const found = objects.find(
        ({ kind, metadata }) => kind === "Deployment" && metadata.name === "traefik",
      );
      if (found === undefined) return;
      const [container] = at(found, "spec.template.spec.containers") as { args: string[] }[];
      const traefik = new TraefikProcess("10.0.5.1", join(folder, stack));
      try {
        // It answers its probe only if it accepts every argument; it exits on an unknown one.
        await traefik.start(container?.args ?? []);
      } finally {
        await traefik.stop();
      }
    });
  }

  it("would be refused if Traefik did not know one of them", async () => {
    const traefik = new TraefikProcess("10.0.5.2", join(folder, "unknown"));
    try {
      await assert.rejects(
        traefik.start(["--providers.kubernetesgateway.unknown=true"]),
        /field not found, node: unknown/,
      );
    } finally {
      await traefik.stop();
    }
  });
});

describe("clients behind a real HAProxy", () => {
  const folder = mkdtempSync(join(tmpdir(), "clients-"));
  const traefik = new TraefikProcess(entrance, folder);
  const proxies: ChildProcess[] = [];
  let server: Server;

  before(async function () {
    const command = haproxyCommand();
    if (command === undefined) {
      console.log("      skipped: haproxy cannot be found; it is the package haproxy of Debian");
      return this.skip();
    }
    server = createServer((request, response) => {
      response.end(String(request.headers["x-forwarded-for"]));
    }).listen(8080, backend);
    const proxies4 = { forwardedHeaders: [`${layer7}/32`], proxyProtocol: [`${layer4}/32`] };
    const args = traefikArguments({
      publishedService: "gateway/traefik",
      tls: false,
      uploads: false,
      timeouts: { read: 60, idle: 180 },
      proxies: proxies4,
      middlewares: false,
    }).filter((arg) => !arg.startsWith("--providers."));
    const lists = { forwardedBy: proxies4.forwardedHeaders };
    await traefik.start(args, {
      http: {
        routers: {
          open: { rule: `Host(\`${open}\`)`, service: "app", entryPoints: ["web"] },
          listed: {
            rule: `Host(\`${listed}\`)`,
            service: "app",
            entryPoints: ["web"],
            middlewares: ["allow"],
          },
        },
        middlewares: { allow: { ipAllowList: allowList([`${client}/32`], lists) } },
        services: { app: { loadBalancer: { servers: [{ url: `http://${backend}:8080` }] } } },
      },
    });
    const start = (address: string, tells: Tells) =>
      proxies.push(
        startProxy({
          command,
          folder,
          address,
          port: proxyPort,
          gateway: `${entrance}:${entryPointPorts.web}`,
          tells,
        }),
      );
    start(layer4, "proxy-protocol");
    start(layer7, "header");
    start(blind, "nothing");
    for (const proxy of [layer4, layer7, blind]) {
      const listens = async () =>
        (await ask(proxy, proxyPort, { host: open, from: client })).startsWith("200");
      await until(`HAProxy at ${proxy} passes requests on`, 60, listens, 100);
    }
  });
  after(async () => {
    await traefik.stop();
    for (const proxy of proxies) proxy.kill("SIGKILL");
    server?.close();
    rmSync(folder, { recursive: true });
  });

  /** Returns the client's address as the app receives it. */
  const seen = async (
    proxy: string,
    options: { headers?: Record<string, string>; path?: string } = {},
  ) => (await ask(proxy, proxyPort, { host: open, from: client, ...options })).replace("200 ", "");

  it("are known to the app and to the access log by the PROXY protocol", async () => {
    assert.equal(await seen(layer4, { path: "/layer-4" }), client);
    assert.equal((await traefik.line("/layer-4")).ClientHost, client);
  });

  it("are known by X-Forwarded-For if the proxy is trusted", async () => {
    assert.equal(await seen(layer7, { path: "/layer-7" }), `${client}, ${layer7}`);
    assert.equal((await traefik.line("/layer-7")).ClientHost, client);
  });

  it("are unknown behind a load balancer that passes nothing on, as the warning says", async () => {
    assert.equal(await seen(blind, { path: "/blind" }), blind);
    assert.equal((await traefik.line("/blind")).ClientHost, blind);
  });

  it("cannot pretend to be other clients", async () => {
    const headers = { "x-forwarded-for": stranger };
    assert.equal(await seen(blind, { headers }), blind);
    assert.equal(await seen(layer4, { headers }), client);
    const direct = await ask(entrance, entryPointPorts.web, { host: open, from: client, headers });
    assert.equal(direct, `200 ${client}`);
  });

  it("are admitted by an allow-list behind a layer 7 proxy, whatever they claim to be", async () => {
    const asked = (from: string, claimed?: string) =>
      ask(layer7, proxyPort, {
        host: listed,
        from,
        headers: claimed === undefined ? {} : { "x-forwarded-for": claimed },
      });
    assert.match(await asked(client), /^200 /);
    assert.match(await asked(stranger), /^403/);
    assert.match(await asked(stranger, client), /^403/);
    assert.match(
      await ask(entrance, entryPointPorts.web, { host: listed, from: stranger }),
      /^403/,
    );
  });
});

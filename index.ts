import { App } from "./components/app";
import { Jenkins } from "./components/ci";
import { connect } from "./components/cluster";
import { Gateway } from "./components/gateway";
import { Monitoring } from "./components/monitoring";
import { monitoringArgs } from "./components/monitoring/watched";
import { Placement } from "./components/placement";
import { Storage } from "./components/storage";
import { Tenancy } from "./components/tenancy";
import {
  namespaceOf,
  nodeGroupsOf,
  nodePortOf,
  pipelineGroupsOf,
  pipelinesOf,
  readStack,
  teamsOf,
} from "./config";
import { liveStables } from "./release/cluster/live-stable";
import { RouteAcceptance } from "./release/cluster/route-acceptance";
import {
  announce,
  lastReleases,
  planReleases,
  recordOf,
  rolesOf,
  trafficOf,
} from "./release/program";

/** The whole platform of one stack: its config decides which parts and which apps there are. */
export = async () => {
  const stack = readStack();
  const opts = { provider: await connect(stack.cluster) };
  const records = await lastReleases();
  const live = await liveStables(stack, records);
  const plans = planReleases(stack, records, new Date(), live);
  await announce(plans);
  const routes = new RouteAcceptance(stack.cluster);
  const { environment, components, images } = stack;
  const nodeGroups = nodeGroupsOf(stack);

  const placement =
    components.placement &&
    new Placement("placement", { ...components.placement, nodeGroups }, opts);
  const common = { environment, imageMirror: images.mirror, placement: placement?.rules };

  const tenancy =
    components.tenancy && new Tenancy("tenancy", { environment, teams: teamsOf(stack) }, opts);
  if (components.storage) {
    new Storage("storage", { ...common, ...components.storage }, opts);
  }
  const gateway =
    components.gateway && new Gateway("gateway", { ...common, ...components.gateway }, opts);
  const entrance = gateway?.address ?? { name: environment, namespace: "gateway" };
  if (components.monitoring) {
    const args = { ...common, ...monitoringArgs(stack, components.monitoring) };
    new Monitoring("monitoring", { ...args, gateway: entrance }, opts);
  }

  const ci =
    components.ci &&
    new Jenkins(
      "ci",
      {
        ...common,
        domain: stack.domain,
        scheme: components.gateway?.tls === undefined ? "http" : "https",
        gateway: entrance,
        apps: pipelinesOf(stack),
        teams: pipelineGroupsOf(stack),
        registry: { address: components.ci.registry ?? `harbor.${stack.domain}` },
        ci: components.ci,
      },
      opts,
    );

  const apps = plans.map(({ name, app, plan }) => {
    const namespace = namespaceOf(app.team, stack);
    const { url, route, ready } = new App(
      name,
      {
        ...common,
        ...app,
        ...rolesOf(plan),
        namespace: tenancy?.namespaces[app.team] ?? namespace,
        gateway: entrance,
        nodePort: app.number && nodePortOf(environment, app.number),
        nodeGroups,
      },
      opts,
    );
    const traffic = trafficOf(plan);
    return {
      name,
      facts: { url, namespace, traffic },
      record: recordOf(plan, route ? routes.of(route) : ready),
    };
  });

  return {
    apps: Object.fromEntries(apps.map(({ name, facts }) => [name, facts])),
    releases: Object.fromEntries(apps.map(({ name, record }) => [name, record])),
    ...(ci === undefined ? {} : { ci: { address: ci.address } }),
  };
};

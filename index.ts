import { App } from "./components/app";
import { Autoscaling } from "./components/autoscaling";
import { connect } from "./components/cluster";
import { Dashboard } from "./components/dashboard";
import { Gateway } from "./components/gateway";
import { Monitoring } from "./components/monitoring";
import { monitoringArgs } from "./components/monitoring/watched";
import { Placement } from "./components/placement";
import { Storage } from "./components/storage";
import { Tenancy } from "./components/tenancy";
import { Tracing } from "./components/tracing";
import { namespaceOf, nodeGroupsOf, nodePortOf, readStack, teamsOf } from "./config";
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
  const monitoring =
    components.monitoring &&
    new Monitoring(
      "monitoring",
      { ...common, ...monitoringArgs(stack, components.monitoring), gateway: entrance },
      opts,
    );
  const { prometheus } = monitoring ?? {};
  const autoscaling =
    components.autoscaling &&
    new Autoscaling("autoscaling", { ...common, ...components.autoscaling, prometheus }, opts);
  if (components.tracing) {
    new Tracing("tracing", { ...common, ...components.tracing }, opts);
  }
  if (components.dashboard) {
    const args = { ...common, ...components.dashboard, domain: stack.domain };
    new Dashboard("dashboard", { ...args, gateway: entrance }, opts);
  }

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
        requestScaling: autoscaling?.requestScaling,
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
  };
};

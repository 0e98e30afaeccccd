import { App } from "./components/app";
import { connect } from "./components/cluster";
import { Gateway } from "./components/gateway";
import { Placement } from "./components/placement";
import { Storage } from "./components/storage";
import { Tenancy } from "./components/tenancy";
import { namespaceOf, nodeGroupsOf, nodePortOf, readStack, teamsOf } from "./config";
import { liveStables } from "./release/cluster/live-stable";
import { RouteAcceptance } from "./release/cluster/route-acceptance";
import { lastReleases, planReleases, recordOf, rolesOf, trafficOf } from "./release/program";
import { platformOutput, withPlatform } from "./stacks/platform";

/** The whole platform of one stack: its config decides which parts and which apps there are. */
export = async () => {
  const stack = await withPlatform(readStack());
  const opts = { provider: await connect(stack.cluster) };
  const records = await lastReleases();
  const live = await liveStables(stack, records);
  const plans = planReleases(stack, records, new Date(), live);
  const routes = new RouteAcceptance(stack.cluster);
  const { environment, components, images, platform } = stack;
  const nodeGroups = nodeGroupsOf(stack);

  const placement =
    components.placement &&
    new Placement("placement", { ...components.placement, nodeGroups }, opts);
  const placed =
    placement?.rules ?? (platform?.priorityClasses && { classes: platform.priorityClasses });
  const common = { environment, imageMirror: images.mirror, placement: placed };

  const tenancy =
    components.tenancy && new Tenancy("tenancy", { environment, teams: teamsOf(stack) }, opts);
  if (components.storage) {
    new Storage("storage", { ...common, ...components.storage }, opts);
  }
  const gateway =
    components.gateway && new Gateway("gateway", { ...common, ...components.gateway }, opts);

  const apps = plans.map(({ name, app, plan }) => {
    const namespace = namespaceOf(app.team, stack);
    const { url, route, ready } = new App(
      name,
      {
        ...common,
        ...app,
        ...rolesOf(plan),
        namespace: tenancy?.namespaces[app.team] ?? namespace,
        gateway: gateway?.address ??
          platform?.gateway ?? { name: environment, namespace: "gateway" },
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
    platform: platformOutput(stack, { gateway, tenancy, placement }),
    apps: Object.fromEntries(apps.map(({ name, facts }) => [name, facts])),
    releases: Object.fromEntries(apps.map(({ name, record }) => [name, record])),
  };
};

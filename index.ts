import { App } from "./components/app";
import { Artifacts } from "./components/artifacts";
import { connect } from "./components/cluster";
import { Gateway } from "./components/gateway";
import { Registry } from "./components/registry";
import { Placement } from "./components/placement";
import { Storage } from "./components/storage";
import { Tenancy } from "./components/tenancy";
import {
  imageTeams,
  namespaceOf,
  nodeGroupsOf,
  nodePortOf,
  readStack,
  schemeOf,
  teamsOf,
} from "./config";
import { liveStables } from "./release/cluster/live-stable";
import { RouteAcceptance } from "./release/cluster/route-acceptance";
import { lastReleases, planReleases, recordOf, rolesOf, trafficOf } from "./release/program";

/** The whole platform of one stack: its config decides which parts and which apps there are. */
export = async () => {
  const stack = readStack();
  const opts = { provider: await connect(stack.cluster) };
  const records = await lastReleases();
  const live = await liveStables(stack, records);
  const plans = planReleases(stack, records, new Date(), live);
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

  const address = gateway?.address ?? { name: environment, namespace: "gateway" };
  const namespaces = (team: string) => tenancy?.namespaces[team] ?? namespaceOf(team, stack);
  const web = { ...common, domain: stack.domain, gateway: address, scheme: schemeOf(stack) };
  const registry =
    components.registry &&
    new Registry(
      "registry",
      { ...web, registry: components.registry, teams: imageTeams(stack, namespaces) },
      opts,
    );
  if (components.artifacts) {
    new Artifacts("artifacts", { ...web, artifacts: components.artifacts }, opts);
  }

  const apps = plans.map(({ name, app, plan }) => {
    const namespace = namespaceOf(app.team, stack);
    const { url, route, ready } = new App(
      name,
      {
        ...common,
        ...app,
        ...rolesOf(plan),
        namespace: namespaces(app.team),
        gateway: address,
        pullSecret: registry?.pullSecrets[app.team],
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
  };
};

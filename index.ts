import { App } from "./components/app";
import { Artifacts } from "./components/artifacts";
import { connect } from "./components/cluster";
import { Gateway } from "./components/gateway";
import { Registry } from "./components/registry";
import { namespaceName, Tenancy } from "./components/tenancy";
import { nodeGroupsOf, nodePortOf, readStack, schemeOf, imageTeams } from "./config";
import { lastReleases, planReleases, recordOf, rolesOf, trafficOf } from "./release/program";

/** The whole platform of one stack: its config decides which parts and which apps there are. */
export = async () => {
  const stack = readStack();
  const plans = planReleases(stack, await lastReleases(), new Date());
  const opts = { provider: await connect(stack.cluster) };
  const { environment, components, images } = stack;
  const common = { environment, imageMirror: images.mirror };

  const tenancy =
    components.tenancy && new Tenancy("tenancy", { ...common, ...components.tenancy }, opts);
  const gateway =
    components.gateway && new Gateway("gateway", { ...common, ...components.gateway }, opts);

  const address = gateway?.address ?? { name: environment, namespace: "gateway" };
  const namespaceOf = (team: string) =>
    tenancy?.namespaces[team] ?? namespaceName(team, environment);
  const web = { ...common, domain: stack.domain, gateway: address, scheme: schemeOf(stack) };
  const registry =
    components.registry &&
    new Registry(
      "registry",
      { ...web, registry: components.registry, teams: imageTeams(stack, namespaceOf) },
      opts,
    );
  if (components.artifacts) {
    new Artifacts("artifacts", { ...web, artifacts: components.artifacts }, opts);
  }

  const apps = plans.map(({ name, app, plan }) => {
    const namespace = namespaceName(app.team, environment);
    const { url, ready } = new App(
      name,
      {
        ...common,
        ...app,
        ...rolesOf(plan),
        namespace: namespaceOf(app.team),
        gateway: address,
        pullSecret: registry?.pullSecrets[app.team],
        nodePort: app.number && nodePortOf(environment, app.number),
        nodeGroups: nodeGroupsOf(stack),
      },
      opts,
    );
    const traffic = trafficOf(plan);
    return { name, facts: { url, namespace, traffic }, record: recordOf(plan, ready) };
  });

  return {
    apps: Object.fromEntries(apps.map(({ name, facts }) => [name, facts])),
    releases: Object.fromEntries(apps.map(({ name, record }) => [name, record])),
  };
};

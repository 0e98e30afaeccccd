import { App } from "./components/app";
import { connect } from "./components/cluster";
import { Gateway } from "./components/gateway";
import { Logging } from "./components/logging";
import { namespaceName, Tenancy } from "./components/tenancy";
import { domainsOf, kibanaHost, nodeGroupsOf, nodePortOf, readStack } from "./config";
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
  if (components.logging) {
    const kibana = {
      host: kibanaHost(components.logging, stack.domain),
      https: components.gateway?.tlsSecret !== undefined,
    };
    const args = { ...common, ...components.logging, domains: domainsOf(stack), gateway: address };
    new Logging("logging", { ...args, kibana }, opts);
  }

  const apps = plans.map(({ name, app, plan }) => {
    const namespace = namespaceName(app.team, environment);
    const { url, ready } = new App(
      name,
      {
        ...common,
        ...app,
        ...rolesOf(plan),
        namespace: tenancy?.namespaces[app.team] ?? namespace,
        gateway: address,
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

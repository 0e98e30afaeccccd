import { Artifacts } from "./components/artifacts";
import { connect } from "./components/cluster";
import { Gateway } from "./components/gateway";
import { Monitoring } from "./components/monitoring";
import { monitoringArgs } from "./components/monitoring/watched";
import { Placement } from "./components/placement";
import { Registry } from "./components/registry";
import { Storage } from "./components/storage";
import { Tenancy } from "./components/tenancy";
import { imageTeams, nodeGroupsOf, readStack, schemeOf, teamsOf } from "./config";
import { declareApps } from "./release/apps";
import { planned } from "./release/program";
import { fromPlatform, platformOutput, withPlatform } from "./stacks/platform";

/** The whole platform of one stack: its config decides which parts and which apps there are. */
export = async () => {
  const stack = await withPlatform(readStack());
  const opts = { provider: await connect(stack.cluster) };
  const plans = await planned(stack);
  const { environment, domain, images, components: parts } = stack;

  const nodeGroups = nodeGroupsOf(stack);
  const placement =
    parts.placement && new Placement("placement", { ...parts.placement, nodeGroups }, opts);
  const common = { environment, imageMirror: images.mirror, placement: placement?.rules };

  const teams = teamsOf(stack);
  const tenancy = parts.tenancy && new Tenancy("tenancy", { environment, teams }, opts);
  if (parts.storage) new Storage("storage", { ...common, ...parts.storage }, opts);

  const entrance = parts.gateway && new Gateway("gateway", { ...common, ...parts.gateway }, opts);
  const gateway = entrance?.address ?? { name: environment, namespace: "gateway" };
  const web = { ...common, gateway, domain, scheme: schemeOf(stack) };

  const pulling = imageTeams(stack, tenancy?.namespaces);
  const registry =
    parts.registry &&
    new Registry("registry", { ...web, registry: parts.registry, teams: pulling }, opts);
  if (parts.artifacts) new Artifacts("artifacts", { ...web, artifacts: parts.artifacts }, opts);

  if (parts.monitoring) {
    const args = monitoringArgs(stack, parts.monitoring);
    new Monitoring("monitoring", { ...web, ...args }, opts);
  }

  const { namespaces } = tenancy ?? {};
  const { pullSecrets } = registry ?? {};
  const declared = { gateway, namespaces, pullSecrets, placement: placement?.rules };
  return {
    ...platformOutput(stack, declared),
    ...declareApps(stack, plans, { ...common, ...declared, ...fromPlatform(stack) }, opts),
  };
};

import { connect } from "./cluster/provider";
import * as part from "./components";
import { readStack } from "./config";
import { declareApps } from "./program/apps";
import { declareWhole } from "./program/declare-whole";
import { optionsOf } from "./program/options";
import { partsOf } from "./program/parts";
import { platformDefaults, platformStackOutput, joinPlatformStack } from "./program/platform-stack";
import { planAndAnnounce } from "./program/releases";

/** The whole platform of one stack: its config decides which parts and which apps there are. */
export = declareWhole(async (gate) => {
  const stack = await joinPlatformStack(readStack());
  const { packages, scheme, ...args } = partsOf(stack);
  const { opts, endTransforms } = optionsOf(stack, await connect(stack.cluster, gate), packages);
  const plans = await planAndAnnounce(stack);

  const placement = args.placement && new part.Placement("placement", args.placement, opts);
  const { rules } = placement ?? {};
  const context = { ...args.context, placement: rules };
  const tenancy = args.tenancy && new part.Tenancy("tenancy", { context, ...args.tenancy }, opts);
  const { namespaces } = tenancy ?? {};
  const storage = args.storage && new part.Storage("storage", { context, ...args.storage }, opts);
  const claims = part.claimingVolumes(storage, opts);
  const gateway = args.gateway && new part.Gateway("gateway", { context, ...args.gateway }, opts);
  const web = { context, gateway: gateway?.address ?? args.defaultGateway };

  const registry =
    args.registry &&
    new part.Registry("registry", { ...web, ...args.registry, namespaces }, claims);
  const images = args.images && new part.Images("images", { context, ...args.images }, opts);
  const artifacts =
    args.artifacts && new part.Artifacts("artifacts", { ...web, ...args.artifacts }, claims);
  const ci = args.ci && new part.Jenkins("ci", { ...web, ...args.ci, registry, artifacts }, claims);
  const logging = args.logging && new part.Logging("logging", { ...web, ...args.logging }, claims);
  const monitoring =
    args.monitoring && new part.Monitoring("monitoring", { ...web, ...args.monitoring }, claims);
  if (args.tracing) new part.Tracing("tracing", { context, ...args.tracing }, claims);
  if (args.dashboard) new part.Dashboard("dashboard", { ...web, ...args.dashboard }, opts);
  const after = [registry, artifacts, ci, logging, monitoring];
  if (args.backup) new part.Backup("backup", { context, ...args.backup, after }, opts);
  // After all Namespaces: see `extensionsAfterNamespaces`.
  const { prometheus } = monitoring ?? {};
  const autoscaling =
    args.autoscaling &&
    new part.Autoscaling("autoscaling", { context, ...args.autoscaling, prometheus }, opts);
  endTransforms();
  part.declarePackages(packages, { context, namespaces }, claims);

  const { pullSecrets } = registry ?? {};
  const { requestScaling } = autoscaling ?? {};
  const shared = { ...web, scheme, namespaces, pullSecrets, requestScaling, placement: rules };
  return {
    ...platformStackOutput(stack, { ...shared, packages }),
    ...declareApps(stack, plans, { ...shared, ...platformDefaults(stack) }, claims),
    ...(images && { images: images.references }),
  };
});

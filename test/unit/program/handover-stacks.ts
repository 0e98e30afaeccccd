import { parseStack, type StackConfig } from "../../../config";

/** A stack of a test, and what its apps have unless they state something else. */
interface Common {
  stack: string;
  environment: string;
  releases: object;
  app: (name: string) => object;
}

function stackWith(
  { stack, environment, releases, app }: Common,
  apps: Record<string, object>,
): StackConfig {
  const complete = Object.entries(apps).map(([name, own]) => {
    const domain = `${name}.platform.test`;
    return [name, { team: "commerce", domain, ...app(name), ...own }];
  });
  return parseStack(stack, {
    environment,
    domain: "platform.test",
    cluster: { kubeconfig: "none", context: "none" },
    releases,
    apps: Object.fromEntries(complete) as object,
  });
}

/**
 * Returns a stack without forced canaries, whose apps have an image each.
 * @param common what all apps have. Default: nothing more.
 */
export function unforcedStack(apps: Record<string, object>, common: object = {}): StackConfig {
  const releases = { forcedCanary: false, soak: "0s", checkRequired: false };
  const app = (name: string) => ({
    image: `harbor.platform.test/${name}/${name}`,
    stable: { version: "1.4.2" },
    ...common,
  });
  return stackWith({ stack: "test", environment: "dev", releases, app }, apps);
}

/**
 * Returns a production stack whose apps share an image.
 * @param policy what differs from forced canaries of 24 hours. Default: nothing.
 */
export function forcedStack(apps: Record<string, object>, policy: object = {}): StackConfig {
  const releases = { forcedCanary: true, soak: "24h", checkRequired: false, ...policy };
  const app = () => ({
    image: "harbor.platform.test/shop/shop",
    stable: { version: "1.0.0" },
  });
  return stackWith({ stack: "prod", environment: "online", releases, app }, apps);
}

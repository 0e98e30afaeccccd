import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseStack } from "../../../config";
import { configIn, platformValues, readYaml } from "../../../config/yaml";
import { stackFileConfig } from "../../../config/stack-file";
import { checkout } from "../../../local/toolchain/paths";

const dev = parseStack("dev", platformValues(stackFileConfig("dev")));
const { apps } = dev;
type App = (typeof apps)[string];

const isThere = (value: unknown) => value !== undefined && Object.keys(Object(value)).length > 0;

/** What an app of the dev stack shows of each section of the guide. */
const sections: Record<string, ((app: App) => boolean)[]> = {
  "Hosts, paths and limits at the gateway": [
    ({ hosts, paths }) => hosts.length > 0 && paths.join() !== "/",
    ({ allow }) => isThere(allow),
    ({ rateLimit, maxBodySize }) => rateLimit !== undefined && maxBodySize !== undefined,
  ],
  "gRPC and WebSocket": [({ protocol, port }) => protocol === "h2c" && port !== undefined],
  "Jobs on a schedule": [({ cron }) => isThere(cron)],
  "A worker without requests": [
    ({ kind, canary, check }) =>
      kind === "worker" && (canary?.weight ?? 0) > 0 && isThere(check?.queries),
    ({ kind, scaling }) => kind === "worker" && isThere(scaling.queries),
  ],
  "A migration before a release": [({ migrate }) => migrate !== undefined],
  Volumes: [
    ({ volumes }) => Object.values(volumes).some(({ per }) => per === "app"),
    ({ volumes }) => Object.values(volumes).some(({ per }) => per === "pod"),
  ],
  "Secrets from a secret store": [
    ({ externalSecrets, secretFiles }) =>
      Object.values(secretFiles).some((secret) => Object.hasOwn(externalSecrets, secret)),
  ],
  "Autoscaling by other metrics and by schedule": [
    ({ scaling }) => scaling.requestsPerSecond !== undefined,
    // Of each release, and of a queue that all releases share.
    ({ scaling: { queries } }) =>
      Object.values(queries).some(({ query }) => /\$release/.test(query)),
    ({ scaling: { queries } }) =>
      Object.values(queries).some(({ query }) => !/\$release/.test(query)),
    ({ scaling }) => scaling.times.length > 0,
    ({ scaling }) => scaling.down !== undefined,
  ],
  "Calls between apps": [({ calls }) => calls.length > 0],
};

describe("the guide to kinds of apps", () => {
  const guide = readFileSync(join(checkout, "docs/guides/kinds-of-apps.md"), "utf8");

  it("has only sections with an app in the dev stack", () => {
    const titles = [...guide.matchAll(/^## (.*)$/gm)].map(([, title]) => title);
    assert.deepEqual(titles, Object.keys(sections));
  });

  for (const [title, shows] of Object.entries(sections)) {
    it(`has an app in the dev stack for: ${title}`, () => {
      for (const [at, show] of shows.entries()) {
        assert.ok(Object.values(apps).some(show), `${title}, example ${at + 1}`);
      }
    });
  }

  it("has canaries in the dev stack that advance automatically, and for selected requests", () => {
    assert.ok(Object.values(apps).some(({ steps, canary }) => steps && canary));
    assert.ok(Object.values(apps).some(({ canaryFor }) => canaryFor.length > 1));
    // A fixed node port shows what never reaches a canary.
    assert.ok(Object.values(apps).some(({ number }) => number !== undefined));
  });
});

describe("the example of an environment that accepts what the dev stack has tried", () => {
  const file = join(checkout, "stacks/examples/gray.yaml");
  const gray = parseStack("gray", platformValues(configIn(file, readYaml(file).document)));

  it("requires the dev stack, and has its own namespaces on the same cluster", () => {
    assert.equal(gray.releases.requires, "organization/platform/dev");
    assert.deepEqual(gray.cluster, dev.cluster);
    assert.notEqual(gray.environment, dev.environment);
  });

  it("requests versions that are stable there; a canary there proves nothing yet", () => {
    assert.ok(Object.keys(gray.apps).length > 0);
    for (const [name, { stable }] of Object.entries(gray.apps)) {
      assert.equal(stable.version, apps[name]?.stable.version, name);
      assert.ok(apps[name]?.canary !== undefined, name);
    }
  });
});

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type Value, errorsOf } from "./values";

describe("the hosts of the platform's web UIs", () => {
  const expected = "test/expected";
  for (const stack of readdirSync(expected)) {
    const config = (parse(readFileSync(`Pulumi.${stack}.yaml`, "utf8")) as { config: Value })
      .config;
    const values = Object.fromEntries(
      Object.entries(config).map(([key, value]) => [key.replace("platform:", ""), value]),
    );
    const apps = values["apps"] as Record<string, { domain: string; hosts?: string[] }>;
    const own = Object.values(apps).flatMap(({ domain, hosts = [] }) => [domain, ...hosts]);
    const routes = readdirSync(join(expected, stack))
      .filter((file) => file.includes(".httproute."))
      .map((file) => parse(readFileSync(join(expected, stack, file), "utf8")) as Route);
    const hosts = routes
      .flatMap(({ spec }) => spec.hostnames)
      .filter((host) => !own.includes(host));

    it(`are no app's: each route of ${stack} is known`, () => {
      assert.ok(hosts.length > 0);
      for (const domain of hosts) {
        const apps = structuredClone(values["apps"]) as Record<string, { domain: string }>;
        const [first = ""] = Object.keys(apps);
        Object.assign(apps[first] ?? {}, { domain });
        assert.match(errorsOf({ ...values, apps }), /a host name that nothing else uses/, domain);
      }
    });
  }
});

interface Route {
  spec: { hostnames: string[] };
}

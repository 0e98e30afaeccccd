import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { parseStack } from "../../../../config";
import { webUis } from "../../../../config/components/gateway";
import { platformHosts } from "../../../../config/hosts";
import { type Value, errorsOf } from "./values";

/** Returns the values of a stack's file. */
function valuesOf(stack: string): Value {
  const text = readFileSync(`Pulumi.${stack}.yaml`, "utf8");
  const { config } = parse(text) as { config: Value };
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.replace("platform:", ""), value]),
  );
}

/** Returns a copy of the values in which some keys, such as `platform:domain`, have another value. */
function withKeys(values: Value, keys: string[], value: unknown): Value {
  const copy = structuredClone(values);
  for (const key of keys) {
    const path = key.replace("platform:", "").split(".");
    const last = path.pop() ?? "";
    path.reduce<Value>((at, name) => (at[name] ??= {}) as Value, copy)[last] = value;
  }
  return copy;
}

describe("the hosts of the platform's web UIs", () => {
  const expected = "test/expected";
  for (const stack of readdirSync(expected)) {
    const values = valuesOf(stack);
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
      const [first = ""] = Object.keys(apps);
      for (const domain of hosts) {
        const errors = errorsOf(withKeys(values, [`platform:apps.${first}.domain`], domain));
        assert.match(errors, /a host name that nothing else uses/, domain);
      }
    });
  }

  const values = valuesOf("dev");
  const { components, domain } = parseStack("dev", values);
  const keys = platformHosts(components, domain).map(({ key }) => key);

  it("are those of all web UIs in the stack dev", () => {
    assert.equal(keys.length, webUis.length);
  });

  for (const [index, one] of keys.entries()) {
    for (const other of keys.slice(index + 1)) {
      it(`differ, with one error that names both keys: ${one} and ${other}`, () => {
        const host = "ui.elsewhere.test";
        assert.equal(
          errorsOf(withKeys(values, [one, other], host)),
          `${other}: expected a host name that nothing else uses, got "${host}", which ${one} uses`,
        );
      });
    }
  }

  it("are not those of parts that run elsewhere", () => {
    const external = { external: { address: "https://ci.example.com" } };
    const ci = { ...(values["components"] as { ci: object }).ci, ...external };
    const apps = { ...(values["apps"] as object) };
    const [first = ""] = Object.keys(apps);
    const at = (part: unknown) =>
      withKeys(
        withKeys(values, ["platform:components.ci"], part),
        [`platform:apps.${first}.hosts`],
        [`ci.${domain}`],
      );
    assert.match(errorsOf(at((values["components"] as { ci: object }).ci)), /a host name that/);
    assert.equal(errorsOf(at(ci)), "");
  });
});

interface Route {
  spec: { hostnames: string[] };
}

import assert from "node:assert/strict";
import { z } from "zod";
import { InvalidConfig, parseStack } from "../../../config";
import { stackShape } from "../../../config/stack";
import { placesIn } from "./arbitrary";
import { long } from "../../support/long";
import { small } from "./small";

type Json = Record<string, unknown>;

function errors(values: Json): string[] {
  try {
    parseStack("shown", values);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidConfig)) throw error;
    return error.errors.map(({ key, message }) => `${key}: ${message}`);
  }
}

/** Returns the errors of the small config with other fields of its app. */
function ofApp(fields: Json): string[] {
  return errors({ ...small, apps: { shop: { ...small.apps.shop, ...fields } } });
}

describe("a value that an error shows", () => {
  it("is not a secret in the wrong place", () => {
    const secret = "hunter2";
    const disguises = [
      { password: secret },
      [`TOKEN=${secret}`],
      `https://name:${secret}@git.example.com/x`,
      `ftp://${secret}@example.com/${"x".repeat(100)}`,
    ];
    const valid = JSON.stringify(small);
    const { length } = placesIn(small);
    for (let place = 0; place < length; place += 1) {
      for (const disguise of disguises) {
        const config = JSON.parse(valid) as Json;
        const { parent, field } = placesIn(config)[place]!;
        parent[field] = disguise;
        assert.doesNotMatch(errors(config).join("\n"), /hunter2/);
      }
    }
  });

  it("is shown as its type if its key may hold a secret", () => {
    assert.deepEqual(ofApp({ secretEnv: { PASSWORD: "hunter2" } }), [
      "platform:apps.shop.secretEnv.PASSWORD: expected a mapping, got a string of 7 characters (not shown)",
    ]);
    assert.deepEqual(ofApp({ env: { DB_PASSWORD: 12345, PORT: 80 } }), [
      "platform:apps.shop.env.DB_PASSWORD: expected a string, got a number (not shown); write it in quotes, because YAML reads it as a number",
      "platform:apps.shop.env.PORT: expected a string, got 80; write it in quotes, because YAML reads it as a number",
    ]);
    assert.deepEqual(ofApp({ secretEnv: { PASSWORD: null } }), [
      "platform:apps.shop.secretEnv.PASSWORD: expected a mapping, got null; the key has no value: fill it in, or remove it",
    ]);
  });

  it("is shown in full for an app whose name only resembles a secret's", () => {
    const app = { ...small.apps.shop, stable: { version: "1", revision: 0 } };
    assert.deepEqual(errors({ ...small, apps: { "token-service": app } }), [
      "platform:apps.token-service.stable.revision: expected an integer of at least 1, got 0",
    ]);
  });

  it("has code points in place of misleading characters", () => {
    const shown = (team: string) => /got (".*")$/.exec(ofApp({ team })[0] ?? "")?.[1];
    assert.deepEqual(
      ["shop\u00a0", "sh\u043ep", "shop\u3000x", "\uff53hop", "sho\u00adp", "sh\u03bfp-1"].map(
        shown,
      ),
      [
        '"shop\\u00a0"',
        '"sh\\u043ep"',
        '"shop\\u3000x"',
        '"\\uff53hop"',
        '"sho\\u00adp"',
        '"sh\\u03bfp-1"',
      ],
    );
    const plain = [
      "a b",
      "\u5546\u5e97",
      "\u043c\u0430\u0433\u0430\u0437\u0438\u043d",
      "caf\u00e9 \ud83d\uded2",
    ];
    assert.deepEqual(
      plain.map(shown),
      plain.map((text) => JSON.stringify(text)),
    );
    assert.match(
      errors({ ...small, apps: { "sh\u043ep": small.apps.shop } }).join("\n"),
      /^platform:apps\["sh\\u043ep"\]: expected a name/,
    );
  });

  it("is a number as it was written if JSON cannot represent it", () => {
    assert.deepEqual(ofApp({ number: NaN, port: Infinity }), [
      "platform:apps.shop.number: expected an integer from 1 to 767, got NaN",
      "platform:apps.shop.port: expected an integer from 1024 to 65535, got Infinity",
    ]);
  });

  it("of another alphabet is shown with its form in DNS", () => {
    assert.deepEqual(ofApp({ domain: "bücher.example.com" }), [
      'platform:apps.shop.domain: expected a host name in lower case, for example shop.example.com, got "bücher.example.com"; write it in its ASCII form, xn--bcher-kva.example.com',
    ]);
    assert.deepEqual(ofApp({ domain: "xn--bcher-kva.example.com" }), []);
    assert.doesNotMatch(ofApp({ domain: `ü${"a".repeat(300)}.com` }).join(), /xn--/);
  });
});

describe("a config of great size", function () {
  this.timeout(120_000);

  it("is accepted if nothing in it is wrong", () => {
    const [teamCount, appCount] = long ? [1000, 10_000] : [250, 2500];
    const quota = { cpu: "1000000", memory: "10000Ti", pods: 10_000 };
    const app = (index: number) => ({
      ...small.apps.shop,
      domain: `a${index}.platform.test`,
      number: undefined,
      logDirectories: {},
      team: `t${index % teamCount}`,
    });
    const teams = Array.from({ length: teamCount }, (_, index) => [`t${index}`, { quota }]);
    const apps = Array.from({ length: appCount }, (_, index) => [`a${index}`, app(index)]);
    const config = {
      ...small,
      components: { tenancy: { teams: Object.fromEntries(teams) as Json } },
      apps: Object.fromEntries(apps) as Json,
    };
    assert.deepEqual(errors(config), []);
  });

  it("is refused if an app's files exceed the size of a ConfigMap", () => {
    const half = "x".repeat(512 * 1024);
    const files = { "/etc/a": half, "/etc/b": half };
    assert.deepEqual(ofApp({ configFiles: files }), []);
    assert.deepEqual(ofApp({ configFiles: { ...files, "/etc/c": "ü" } }), [
      "platform:apps.shop.configFiles: expected at most 1048576 bytes in all files of an app together, because one ConfigMap contains them, got 1048578",
    ]);
  });

  it("has no text that a pattern refuses slowly", () => {
    const patterns = patternsIn(stackShape);
    assert.ok(patterns.length >= 40, `only ${patterns.length} patterns were found`);
    const units = ["a", "0", "-", ".", "/", "a.", "a-", "/a", ":a", "1m", " ", "a/", "1:", "a@"];
    const texts = units.flatMap((unit) =>
      ["", "a", "/", "1", "https://", "*."].map((start) => start + unit.repeat(10_000)),
    );
    for (const pattern of patterns) {
      for (const text of texts) {
        const from = performance.now();
        pattern.test(`${text}!`);
        const time = performance.now() - from;
        // A pattern with exponential backtracking would take minutes.
        assert.ok(time < 2000, `${pattern} takes ${time} ms for ${text.slice(0, 20)}`);
      }
    }
  });
});

/** Returns every pattern in a schema. */
function patternsIn(schema: unknown, seen = new Set<unknown>()): RegExp[] {
  if (typeof schema !== "object" || schema === null || seen.has(schema)) return [];
  seen.add(schema);
  if (schema instanceof RegExp) return [schema];
  const inner = schema instanceof z.core.$ZodType ? schema._zod.def : schema;
  return Object.values(definitions(inner)).flatMap((value) => patternsIn(value, seen));
}

/** Checks of a schema have a separate definition. */
function definitions(value: object): object {
  return "_zod" in value ? (value._zod as { def: object }).def : value;
}

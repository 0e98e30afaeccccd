import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import program from "../../../index";
import { InvalidConfig, parseStack } from "../../../config";
import { innerSchema } from "../../../config/schema-at";
import { stackShape } from "../../../config/stack";
import { stackFileConfig } from "../../../config/stack-file";
import { record } from "../../../render/record";
import { small } from "./small";

type Value = Record<string, unknown>;

/** Returns a config with a value at a path. */
function withValue(path: string, value: unknown): Value {
  const config = structuredClone(small) as unknown as Value;
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  const parent = keys.reduce<Value>((at, key) => (at[key] ??= {}) as Value, config);
  parent[last] = value;
  return config;
}

function errorsOf(config: Value): string[] {
  try {
    parseStack("test", config);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidConfig)) throw error;
    return error.errors.map(({ key, message }) => `${key}: ${message}`);
  }
}

const empty = "the key has no value";
const defaults = "write {} for its defaults, or remove it";
const service = "platform:apps.shop.externalServices.x";
const crowded = { host: "a.test", addresses: ["10.0.0.1"], port: 1 };
const external = { address: "a.test", credentials: { username: "u", password: "p" } };

/** A value at a path, and the whole message about it. */
const cases: [path: string, value: unknown, message: string][] = [
  [
    "components.gateway",
    null,
    `platform:components.gateway: expected a mapping, got null; ${empty}: ${defaults}`,
  ],
  [
    "components.registry",
    null,
    `platform:components.registry: expected a mapping, got null; ${empty}: ${defaults}`,
  ],
  [
    "apps.shop.canary",
    null,
    `platform:apps.shop.canary: expected a mapping, got null; ${empty}: fill it in, or remove it`,
  ],
  [
    "apps.shop.scaling",
    null,
    `platform:apps.shop.scaling: expected a mapping, got null; ${empty}: ${defaults}`,
  ],
  [
    "apps.shop.allow",
    null,
    `platform:apps.shop.allow: expected a list, got null; ${empty}: fill it in, or remove it`,
  ],
  [
    "apps.shop.externalServices",
    { x: crowded },
    `${service}: expected {host}, or {addresses, port}, got ${JSON.stringify(crowded)}`,
  ],
  [
    "apps.shop.externalServices",
    { x: { host: "a.test", port: 1 } },
    `${service}.port: expected no port next to host, got both; remove one of them`,
  ],
  [
    "components.registry",
    { external, storage: {} },
    "platform:components.registry.storage: expected no storage next to external, got both; remove one of them",
  ],
  [
    "components.ci.stacks",
    { prod: { stack: "prod" } },
    'platform:components.ci.stacks.prod: expected one of the keys dev, gray, online, test, got "prod"',
  ],
  [
    "components.ci.stacks",
    { online: "prod" },
    'platform:components.ci.stacks.online: expected a mapping, got "prod"',
  ],
  [
    "apps.shop.maxUnavailable",
    "100%",
    'platform:apps.shop.maxUnavailable: expected a percentage from "1%" to "99%", got "100%"',
  ],
  [
    "apps.shop.sidecars.proxy.env",
    { "a b": "x" },
    'platform:apps.shop.sidecars.proxy.env["a b"]: expected an environment variable\'s name, got "a b"',
  ],
  [
    "apps.shop.stable.digest",
    "x",
    'platform:apps.shop.stable.digest: expected a digest such as sha256: and 64 hexadecimal digits, got "x"',
  ],
  [
    "components.gateway.address",
    "a b",
    'platform:components.gateway.address: expected a host name or an IP address, got "a b"',
  ],
  [
    "components.monitoring.alertRoutes.heartbeat",
    { secret: "a", key: "  " },
    'platform:components.monitoring.alertRoutes.heartbeat.key: expected a key of a Secret: letters, digits, dashes, dots and underscores, got "  "',
  ],
  [
    "apps.shop.canaryFor",
    [{ headers: { X: "1" } }],
    'platform:apps.shop.canaryFor[0].headers.X: expected the name of a header in lower case, such as x-gray, got "X"',
  ],
];

describe("a message about a config", () => {
  for (const [path, value, message] of cases) {
    it(`says what was expected: ${message}`, () => {
      const errors = errorsOf(withValue(path, value));
      assert.deepEqual(
        errors.filter((text) => text.startsWith(`platform:${path}`)),
        [message],
      );
    });
  }

  it("shows no pattern, because each pattern has a description", () => {
    const silent: string[] = [];
    const seen = new Set<z.ZodType>();
    const look = (schema: z.ZodType, path: string) => {
      const own = innerSchema(schema);
      if (seen.has(own)) return;
      seen.add(own);
      for (const { _zod } of own._zod.def.checks ?? []) {
        const { format, error } = _zod.def as { format?: string; error?: unknown };
        if (format === "regex" && error === undefined) silent.push(path);
      }
      for (const [key, inner] of inside(own)) look(inner, `${path}.${key}`);
    };
    look(z.strictObject(stackShape), "platform");
    assert.ok(seen.size > 400, String(seen.size));
    assert.deepEqual(silent, []);
  });
});

/** Returns the direct parts of a schema. */
function inside(schema: z.ZodType): [string, z.ZodType][] {
  if (schema instanceof z.ZodObject) return Object.entries(schema.shape) as [string, z.ZodType][];
  if (schema instanceof z.ZodArray) return [["*", schema.element as z.ZodType]];
  if (schema instanceof z.ZodRecord) {
    return [
      ["(key)", schema.keyType as unknown as z.ZodType],
      ["*", schema.valueType as z.ZodType],
    ];
  }
  if (!(schema instanceof z.ZodUnion)) return [];
  return schema.options.map((option, at) => [`(${at})`, option as z.ZodType]);
}

describe("a message about a stack's file", () => {
  const folder = mkdtempSync(join(tmpdir(), "messages-"));
  after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "Pulumi.dev.yaml");

  const prefixed = 'expected a key that starts with platform:, got "';
  const files: [text: string, message: string][] = [
    [
      "config:\n  platform:domain: a.test\n---\nconfig:\n  platform:environment: dev\n",
      `${file} is not valid YAML: expected one document, got a second one at line 3; remove the line --- or ... between them`,
    ],
    [
      "config:\n  platfrom:apps: {}\n  apps: {}\n  kubernetes:context: prod\n  pulumi:tags: {a: b}\n",
      [
        `${file} has keys that nothing reads.`,
        `  platfrom:apps: ${prefixed}platfrom:apps"; write platform:apps`,
        `  apps: ${prefixed}apps"; write platform:apps`,
        `  kubernetes:context: ${prefixed}kubernetes:context"; remove it: the program configures its plugins itself, from platform:cluster`,
      ].join("\n"),
    ],
  ];
  for (const [text, message] of files) {
    it(`says what was expected: ${message.split("\n").at(-1) ?? ""}`, () => {
      writeFileSync(file, text);
      assert.throws(() => stackFileConfig("dev", folder), { message });
    });
  }

  it("is that of the program itself if the engine passes on a wrong prefix", async () => {
    const config = { "platform:domain": "a.test", "Platfrom:apps": {} };
    await assert.rejects(
      record(program, "dev", config),
      /1 error; nothing was changed\.\n {2}Platfrom:apps: expected a key that starts with platform:, got "Platfrom:apps"; write platform:apps/,
    );
  });
});

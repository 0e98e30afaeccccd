import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../../local/toolchain/paths";
import { images } from "../../versions/images";
import { sources } from "../support/imports";

/** What one module does for all others, and the text that another one would need to do it again. */
const modules: [module: string, what: string, again: RegExp][] = [
  ["config/reason.ts", "says what an error says", /instanceof Error\s*\?\s*\w+\.message/],
  ["config/quantities.ts", "knows the units of sizes", /\bGi["']?: /],
  ["config/durations.ts", "knows the units of time", /\bh: 3_?600\b|\[3_?600, /],
  ["config/addresses.ts", "compares ranges", /\bBlockList\b|\? 32 : 128|\? 128 : 32/],
  ["config/addresses.ts", "has the address of NodeLocal DNSCache", /169\.254\.20\.10/],
  [
    "config/prometheus-server.ts",
    "has the address of Prometheus",
    /"monitoring", "prometheus"|prometheus\.monitoring|namespace: "monitoring",\s+name: "prometheus"/,
  ],
  ["config/label-selector.ts", "applies label selectors", /\bcase "NotIn"|operator === "(Not)?In"/],
  ["config/kubernetes-object.ts", "names objects", /`\$\{kind\} \$\{namespace\}\/\$\{name\}`/],
  ["config/is-map.ts", "tells maps from lists", /!== null && !Array\.isArray/],
  ["config/shell.ts", "quotes words for a shell", /replaceAll\("'", ["`]'/],
  ["releases/shares.ts", "orders changes", /\[\["stable", "canary"\], \["route"\]\]/],
  [
    "versions/images.ts",
    "pins the engine",
    new RegExp(`"${images.pulumi.tag.replaceAll(".", "\\.")}"`),
  ],
];

const texts = sources.map((file) => [file, readFileSync(join(checkout, file), "utf8")] as const);

describe("one module alone", () => {
  for (const [module, what, again] of modules) {
    it(`${what}: ${module}`, () => {
      const found = texts.filter(([, text]) => again.test(text)).map(([file]) => file);
      assert.deepEqual(found, [module], `expected ${module} alone; import it instead`);
    });
  }
});

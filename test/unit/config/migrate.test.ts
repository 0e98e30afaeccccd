import assert from "node:assert/strict";
import { parseStack, templateOf, type StackConfig } from "../../../config";
import { errorsIn } from "./errors-of";
import { small } from "./small";

function parsed(migrate: unknown): StackConfig {
  return parseStack("dev", { ...small, apps: { shop: { ...small.apps.shop, migrate } } });
}

const command = ["/app/migrate"];
const templateFor = (migrate: unknown) => templateOf(parsed(migrate).apps["shop"]!);

describe("the migration of an app", () => {
  const key = "platform:apps.shop.migrate";

  it("has half an hour, and one attempt", () => {
    assert.deepEqual(parsed({ command }).apps["shop"]?.migrate, {
      command,
      activeDeadlineSeconds: 1800,
      retries: 0,
    });
  });

  it("has a command, a deadline, and the oldest version that works afterwards", () => {
    assert.deepEqual(errorsIn(() => parsed({ command: [], contract: "latest" })).sort(), [
      `${key}.command: expected a list of at least 1 item, got []`,
      `${key}.contract: expected a version that names one image, got latest, which names another one tomorrow`,
    ]);
    assert.match(
      errorsIn(() => parsed({ command, activeDeadlineSeconds: 0 })).join("\n"),
      /migrate\.activeDeadlineSeconds: expected an integer from 1 to 86400, got 0/,
    );
  });

  it("counts in the team's quota", () => {
    const amount = { cpu: "100", memory: "1Gi" };
    const resources = { requests: amount, limits: amount };
    assert.match(
      errorsIn(() => parsed({ command, resources })).join("\n"),
      /quota\.cpu: expected at least .*shop's migration 1 pods × 100/,
    );
  });

  it("belongs to a release in what it runs, but not in which versions work afterwards", () => {
    const plain = templateFor({ command });
    assert.deepEqual(plain.migrate, { command, activeDeadlineSeconds: 1800, retries: 0 });
    assert.deepEqual(templateFor({ command, contract: "1.4.0" }), plain);
    assert.notDeepEqual(templateFor({ command: ["/app/other"] }), plain);
    assert.equal("migrate" in templateOf(parsed(undefined).apps["shop"]!), false);
  });
});

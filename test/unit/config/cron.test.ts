import assert from "node:assert/strict";
import { parseStack, templateOf, type StackConfig } from "../../../config";
import { errorsIn } from "./errors-of";
import { small } from "./small";

const job = { schedule: "30 2 * * *", command: ["/app/clean"] };

function parsed(cron: unknown, more: object = {}): StackConfig {
  return parseStack("dev", { ...small, apps: { shop: { ...small.apps.shop, cron }, ...more } });
}

const errorsOf = (...args: Parameters<typeof parsed>) => errorsIn(() => parsed(...args));

describe("the jobs of an app", () => {
  const key = "platform:apps.shop.cron.clean";

  it("run one at a time, at most an hour, without a retry, in UTC", () => {
    assert.deepEqual(parsed({ clean: job }).apps["shop"]?.cron, {
      clean: {
        ...job,
        timeZone: "Etc/UTC",
        concurrencyPolicy: "Forbid",
        activeDeadlineSeconds: 3600,
        retries: 0,
        history: { successful: 1, failed: 3 },
        suspend: false,
      },
    });
  });

  it("have a valid schedule and an existing time zone", () => {
    for (const schedule of [
      "* * * *",
      "@daily",
      "0  2 * * *",
      " 2 * * *",
      "0 2 * * * ",
      "0\t2 * * *",
    ]) {
      assert.deepEqual(errorsOf({ clean: { ...job, schedule } }), [
        `${key}.schedule: expected five cron fields with one space between them: minute, hour, day of month, month, day of week, for example 30 2 * * *, got ${JSON.stringify(schedule)}`,
      ]);
    }
    for (const [schedule, range, got, next] of [
      ["60 2 * * *", "0 to 59 as the minute", "60", ""],
      ["0 24 99 * *", "0 to 23 as the hour", "24", ""],
      ["0 2 0 * *", "1 to 31 as the day of month", "0", ""],
      ["0 2 * JAN *", "1 to 12 as the month", "JAN", "; write numbers only, January is 1"],
      ["0 2 * * 7", "0 to 6 as the day of week", "7", "; write numbers only, Sunday is 0"],
      ["0 2 * * MON", "0 to 6 as the day of week", "MON", "; write numbers only, Sunday is 0"],
      ["*/0 2 * * *", "0 to 59 as the minute", "*/0", ""],
      ["0 5-2 * * *", "0 to 23 as the hour", "5-2", ""],
    ]) {
      assert.deepEqual(errorsOf({ clean: { ...job, schedule } }), [
        `${key}.schedule: expected * or numbers from ${range}, such as 5, 1-4 or */2, got "${got}" in "${schedule}"${next}`,
      ]);
    }
    for (const timeZone of ["Mars/Base", "ASia/Shanghai", "utc", "+08:00", "Local"]) {
      assert.deepEqual(errorsOf({ clean: { ...job, timeZone } }), [
        `${key}.timeZone: expected a time zone of the IANA database, with its capital letters, such as Asia/Shanghai, got "${timeZone}"`,
      ]);
    }
    for (const timeZone of ["Asia/Kolkata", "Asia/Calcutta", "UTC", "Etc/GMT+8"]) {
      assert.deepEqual(errorsOf({ clean: { ...job, timeZone } }), []);
    }
  });

  it("have valid names that are unique in a stack", () => {
    const name = "a".repeat(40);
    const long = errorsOf(
      {},
      { [name]: { ...small.apps.shop, cron: { [`b${name.slice(1)}`]: job } } },
    );
    assert.match(long.join("\n"), /at most 52 characters in the CronJob name <app>-<job>, got/);
    const other = { ...small.apps.shop, domain: "b.platform.test", number: 8 };
    assert.match(
      errorsOf({ "a-clean": job }, { "shop-a": { ...other, cron: { clean: job } } }).join("\n"),
      /shop-a\.cron\.clean: expected a CronJob name that nothing else uses/,
    );
    const apart = { ...other, team: "content", cron: { clean: job } };
    assert.match(
      errorsOf({ "a-clean": job }, { "shop-a": apart }).join("\n"),
      /shop-a\.cron\.clean: expected a CronJob name that nothing else uses, got "shop-a-clean"/,
    );
  });

  it("count in the team's quota", () => {
    const resources = {
      requests: { cpu: "100", memory: "1Gi" },
      limits: { cpu: "100", memory: "1Gi" },
    };
    assert.match(
      errorsOf({ clean: { ...job, resources } }).join("\n"),
      /quota\.cpu: expected at least .*shop's cron clean 1 pods × 100/,
    );
  });

  it("belong to a release in what they run, but not in when", () => {
    const template = (change: object) =>
      templateOf(parsed({ clean: { ...job, ...change } }).apps["shop"]!).cron;
    assert.deepEqual(template({}), { clean: { command: job.command } });
    assert.deepEqual(template({ schedule: "0 3 * * *", suspend: true }), template({}));
    assert.notDeepEqual(template({ command: ["/app/other"] }), template({}));
    assert.equal("cron" in templateOf(parsed({}).apps["shop"]!), false);
  });
});

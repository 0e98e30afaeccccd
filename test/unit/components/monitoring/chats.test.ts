import assert from "node:assert/strict";
import { routingOf } from "../../../../components/monitoring/credentials";
import { alertmanagerConfig } from "../../../../components/monitoring/routing";
import { parseStack, type AlertRoutes } from "../../../../config";
import { recordConfig } from "../../../../render/stack";
import { at, collected } from "../../../support/declare";

const url = { secret: "receivers", key: "dingtalk" };
const sign = { secret: "receivers", key: "dingtalk-secret" };
const routes = {
  default: [{ type: "dingtalk", url, secret: sign }],
  teams: { commerce: [{ type: "wecom", url: { value: "https://chat.test/x?key=y" } }] },
};

const stackOf = (alertRoutes: object) => ({
  environment: "dev",
  domain: "platform.test",
  cluster: { kubeconfig: "none", context: "none" },
  components: { monitoring: { alertRoutes } },
});

async function alertmanager(alertRoutes: object) {
  const config = Object.fromEntries(
    Object.entries(stackOf(alertRoutes)).map(([key, value]) => [`platform:${key}`, value]),
  );
  const { object } = collected((await recordConfig("dev", config, {})).registrations);
  return object("StatefulSet", "alertmanager");
}

describe("chats that receive alerts", () => {
  it("are reached through the relay; Alertmanager's file has no address of theirs", () => {
    const { components } = parseStack("dev", stackOf(routes));
    const { args, files } = routingOf(components.monitoring?.alertRoutes as AlertRoutes);
    assert.deepEqual(files, [
      { file: "team-platform-0", source: url },
      { file: "team-platform-0-secret", source: sign },
      { file: "team-commerce-0", source: { value: "https://chat.test/x?key=y" } },
    ]);
    const text = JSON.stringify(alertmanagerConfig(args));
    assert.match(text, /"url":"http:\/\/127\.0\.0\.1:9095\/dingtalk\/team-platform-0"/);
    assert.match(text, /"url":"http:\/\/127\.0\.0\.1:9095\/wecom\/team-commerce-0"/);
    assert.doesNotMatch(text, /chat\.test/);
  });

  it("add the relay next to Alertmanager, which nothing else adds", async () => {
    const names = async (alertRoutes: object) =>
      (
        at(await alertmanager(alertRoutes), "spec.template.spec.containers") as { name: string }[]
      ).map(({ name }) => name);
    assert.deepEqual(await names(routes), ["alertmanager", "relay"]);
    assert.deepEqual(await names({ default: [{ type: "webhook", url }] }), ["alertmanager"]);
  });

  it("are refused without an address, and a secret is never shown", () => {
    assert.throws(
      () => parseStack("dev", stackOf({ default: [{ type: "feishu", secret: { value: 5 } }] })),
      (error: Error) => {
        assert.match(error.message, /alertRoutes\.default\[0\]\.url: expected \{secret, key\}/);
        assert.match(error.message, /alertRoutes\.default\[0\]\.secret.*not shown/);
        return true;
      },
    );
  });
});

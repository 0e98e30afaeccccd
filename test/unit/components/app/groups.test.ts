import assert from "node:assert/strict";
import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../../../../components/app";
import { waitForNothing } from "../../../../components/app/services";
import { declare } from "../../../support/declare";
import { shopArgs, template } from "../../../support/shop";

const milliseconds = 30;

describe("apps of one stack in a release group", () => {
  it("move their requests once the routes of the previous wave are served", async () => {
    const order = await declaredWith((stock) => stock.ready);
    assert.ok(order.indexOf("stock served") < order.indexOf("basket moves"), order.join(", "));
  });

  it("move independently without a group", async () => {
    const order = await declaredWith(() => undefined);
    const before = order.slice(0, order.indexOf("basket moves"));
    assert.ok(!before.includes("stock served"), order.join(", "));
  });

  it("start their pods immediately anyway", async () => {
    const order = await declaredWith((stock) => stock.ready);
    assert.ok(order.indexOf("basket starts") < order.indexOf("stock served"), order.join(", "));
  });
});

/** Returns the order of events for an app and one that may follow it. */
async function declaredWith(
  after: (stock: App) => pulumi.Output<unknown> | undefined,
): Promise<string[]> {
  const order: string[] = [];
  await declare((provider) => {
    const stock = appWith("stock", order, provider);
    appWith("basket", order, provider, after(stock));
  });
  return order;
}

function appWith(
  name: string,
  order: string[],
  provider: k8s.Provider,
  after?: pulumi.Output<unknown>,
): App {
  const args: AppArgs = {
    ...shopArgs(),
    domain: `${name}.platform.test`,
    releases: [{ name: `${name}-1-4-2`, key: "1.4.2", version: "1.4.2", template: template() }],
    stable: `${name}-1-4-2`,
    after,
    waiting: {
      ...waitForNothing,
      afterPodReady: ({ release }) => {
        release.deployment.id.apply(() => order.push(`${name} starts`));
        return waitForNothing.afterPodReady({ service: "", namespace: "", release });
      },
      reachableName: (service, release) =>
        waitForNothing.reachableName(service, release).apply((known) => {
          order.push(`${name} moves`);
          return known;
        }),
      afterRouteServed: (route) =>
        route.apply(async (id) => {
          await new Promise((done) => setTimeout(done, milliseconds));
          order.push(`${name} served`);
          return id;
        }),
    },
  };
  return new App(name, args, { provider });
}

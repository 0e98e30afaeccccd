import assert from "node:assert/strict";
import { addresses } from "../../../local/commands/machines";
import { describeStack } from "../../../local/commands/summary";

describe("the summary of a local run", () => {
  const release = { release: "a-1-0-0", role: "stable", version: "1.0.0", weight: 100 };

  it("has the address of an app, and none of a worker", () => {
    const lines = describeStack("dev", "kwok-platform", {
      shop: { url: "http://shop.example.com/", namespace: "commerce", traffic: [release] },
      mailer: { namespace: "commerce", traffic: [] },
    }).split("\n");
    assert.deepEqual(lines.slice(3, 6), [
      "  shop in commerce, http://shop.example.com/",
      "    a-1-0-0                  stable    100%",
      "  mailer in commerce",
    ]);
  });
});

describe("the summary of a local run with an example next to the dev stack", () => {
  it("has the file of its config, and the option that names it", () => {
    const text = describeStack("gray", "kwok-platform", {}, "stacks/examples/gray.yaml");
    const change = "pulumi preview -s gray --config-file stacks/examples/gray.yaml";
    assert.ok(text.includes(`edit stacks/examples/gray.yaml, then ${change}\n`), text);
  });
});

describe("the addresses of a namespace", () => {
  it("are those of all its apps that have one", () => {
    const apps = {
      news: { namespace: "content", url: "http://news.example.com/" },
      orders: { namespace: "content", url: "http://orders.example.com/" },
      mailer: { namespace: "content" },
    };
    const content = "http://news.example.com/ http://orders.example.com/";
    assert.deepEqual(addresses(apps), { content });
  });
});

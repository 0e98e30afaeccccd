import assert from "node:assert/strict";
import { join } from "node:path";
import { rememberUpdate } from "../../../../cli/stacks/remember";
import { Memory } from "../../../../cli/stacks/memory";
import { Project } from "../fleet/support";

describe("an update of one stack", () => {
  const at = "2026-11-27T10:00:00.000Z";
  let project: Project;
  beforeEach(() => {
    project = new Project().stack("prod", { "platform:environment": "online" });
  });
  afterEach(() => project.remove());

  const remember = (declared: Record<string, string> | undefined, lastUpdate?: string) => {
    const engine = {
      lastUpdates: () => Promise.resolve(new Map([["prod", lastUpdate]])),
      outputs: () => Promise.resolve({}),
    };
    const folder = join(project.folder, "memory");
    const declaring = () => Promise.resolve(declared);
    return rememberUpdate("prod", engine, declaring, folder, project.folder).then(
      () => new Memory(folder).of("prod", at)?.declared,
    );
  };

  it("stores what the stack declares for later pipelines", async () => {
    assert.deepEqual(await remember({ a: "1" }, at), { a: "1" });
  });

  it("stores nothing if that is unknown", async () => {
    assert.equal(await remember(undefined, at), undefined);
    assert.equal(await remember({ a: "1" }), undefined);
  });
});

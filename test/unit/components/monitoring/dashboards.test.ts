import assert from "node:assert/strict";
import { dashboardList, dashboards } from "../../../../components/monitoring/dashboards";
import { dataSourceUid, queriesOf } from "../../../../components/monitoring/dashboards/build";

interface Panel {
  id: number;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource: { uid: string };
  targets: { refId: string; expr: string; legendFormat: string; datasource: { uid: string } }[];
}

interface Model {
  uid: string;
  title: string;
  panels: Panel[];
  templating: { list: { name: string; datasource: { uid: string } }[] };
}

const models = Object.entries(dashboards()) as [string, Model][];

describe("dashboards", () => {
  it("are one file each, with a name that never changes", () => {
    assert.deepEqual(
      models.map(([file]) => file),
      [
        "platform-overview.json",
        "platform-nodes.json",
        "platform-namespaces.json",
        "platform-app.json",
        "platform-gateway.json",
        "platform-dns.json",
        "platform-logging.json",
        "platform-tracing.json",
        "platform-jenkins.json",
        "platform-harbor.json",
      ],
    );
    for (const [file, { uid }] of models) assert.equal(file, `${uid}.json`);
    assert.equal(new Set(models.map(([, { title }]) => title)).size, models.length);
  });

  it("are omitted with the part that they show", () => {
    const files = Object.keys(dashboards({ ci: { namespace: "jenkins" } }));
    assert.equal(files.includes("platform-jenkins.json"), true);
    assert.equal(files.includes("platform-harbor.json"), false);
    assert.equal(files.includes("platform-logging.json"), false);
    assert.equal(Object.keys(dashboards({})).length, 5);
  });

  for (const [file, { panels, templating }] of models) {
    it(`${file} queries only the provisioned data source`, () => {
      const asked = [
        ...templating.list.map(({ datasource }) => datasource.uid),
        ...panels.flatMap((panel) => [
          panel.datasource.uid,
          ...panel.targets.map(({ datasource }) => datasource.uid),
        ]),
      ];
      assert.deepEqual([...new Set(asked)], [dataSourceUid]);
    });

    it(`${file} has titles and legends of nouns, as dashboards usually have, and no clauses`, () => {
      const texts = panels.flatMap(({ title, targets }) => [
        title,
        ...targets.map(({ legendFormat }) => legendFormat),
      ]);
      for (const text of texts) assert.doesNotMatch(text, /\b(that|which|there|was|were)\b/);
    });

    it(`${file} has panels of different ids and titles that do not overlap`, () => {
      assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
      assert.equal(new Set(panels.map(({ title }) => title)).size, panels.length);
      const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) => {
        assert.ok(x + w <= 24);
        return Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`);
      });
      assert.equal(new Set(cells).size, cells.length);
    });

    it(`${file} names only variables that it has`, () => {
      const known = new Set(["__rate_interval", ...templating.list.map(({ name }) => name)]);
      for (const { targets, title } of panels) {
        assert.equal(new Set(targets.map(({ refId }) => refId)).size, targets.length, title);
        for (const { expr } of targets) {
          for (const [, name] of expr.matchAll(/\$(\w+)/g)) assert.ok(known.has(name ?? ""), expr);
        }
      }
    });
  }

  it("show the stable release next to its canary", () => {
    const [, app] = models.find(([file]) => file === "platform-app.json") ?? [];
    const pairs = (app?.panels ?? []).filter(({ title }) => /^(Stable|Canary): /.test(title));
    assert.equal(pairs.length, 8);
    for (let index = 0; index < pairs.length; index += 2) {
      const [stable, canary] = pairs.slice(index, index + 2);
      assert.equal(canary?.title, stable?.title.replace("Stable", "Canary"));
      assert.deepEqual(canary?.gridPos, { ...stable?.gridPos, x: 12 });
      assert.deepEqual(
        canary?.targets.map(({ expr }) => expr.replaceAll('"canary"', '"stable"')),
        stable?.targets.map(({ expr }) => expr),
      );
    }
  });

  it("return their queries with values for the variables", () => {
    for (const dashboard of dashboardList()) {
      for (const query of queriesOf(dashboard)) assert.doesNotMatch(query, /\$/);
    }
  });
});

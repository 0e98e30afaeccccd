import type { FleetApp } from "../fleet/apps";
import { age, canaryOf, keptOf, stableOf } from "../fleet/query";
import type { BoardApp, Board } from "./data";
import { pageOf } from "./frame";
import { markup, type Content, type Html } from "./html";
import { pageName } from "./names";
import { checkText, soakText, states, type State } from "./state";

/** Maximum number of problems on the page; the command prints all of them. */
const maxProblems = 5;

/** Returns the page of all apps in all environments. */
export function overview({ environments, apps, problems, at }: Board): string {
  const names = [...new Set(apps.map(({ app }) => app.app))];
  const byName = new Map<string, BoardApp[]>(names.map((name) => [name, []]));
  for (const each of apps) byName.get(each.app.app)?.push(each);
  const teams = [...new Set(apps.map(({ app }) => app.team ?? ""))].filter(Boolean).sort();
  const present = new Set(apps.flatMap((each) => each.states));
  const title = `Apps in ${environments.join(", ")}`;
  const body = markup`<h1>${title}</h1>
    <p class="soft">${names.length} apps, as of ${at.toISOString()}</p>
    ${problems.slice(0, maxProblems).map((problem) => markup`<p class="bad">${problem}</p>`)}
    ${problems.length > maxProblems && markup`<p class="bad">and ${problems.length - maxProblems} more</p>`}
    <form hidden>
      <input name="q" type="search" placeholder="Search app, version, person" aria-label="Search" />
      <select name="team" aria-label="Team">
        <option value="">all teams</option>
        ${teams.map((team) => markup`<option>${team}</option>`)}
      </select>
      <select name="state" aria-label="State">
        <option value="">any state</option>
        ${(Object.keys(states) as State[])
          .filter((state) => present.has(state))
          .map((state) => markup`<option value="${state}">${states[state]}</option>`)}
      </select>
      <select name="sort" aria-label="Order">
        <option value="">by name</option>
        <option value="team">by team</option>
        <option value="changed">latest change first</option>
        <option value="canary">oldest canary first</option>
      </select>
      <output class="soft"></output>
    </form>
    <table>
      <thead>
        <tr>
          <th>App</th>
          ${environments.map((name) => markup`<th>${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${names.map((name, index) => rowOf(name, byName.get(name) ?? [], environments, index, at))}
      </tbody>
    </table>`;
  return pageOf(title, body, true);
}

function rowOf(
  name: string,
  all: BoardApp[],
  environments: string[],
  index: number,
  now: Date,
): Html {
  const teams = [...new Set(all.map(({ app }) => app.team ?? ""))].filter(Boolean);
  const changed = all.map(({ changes }) => changes[0]?.change.at ?? "").sort();
  const ages = all.map(({ app }) => {
    const since = canaryOf(app)?.since;
    return since === undefined ? 0 : age(since, now);
  });
  return markup`<tr
    data-at="${index}"
    data-team="${teams[0] ?? ""}"
    data-states="${[...new Set(all.flatMap((each) => each.states))].join(" ")}"
    data-changed="${changed.at(-1) ?? ""}"
    data-canary="${Math.max(0, ...ages)}"
  >
    <th><a href="apps/${pageName(name)}">${name}</a><br /><small>${teams.join(", ")}</small></th>
    ${environments.map(
      (environment) =>
        markup`<td data-l="${environment}">
          ${all
            .filter(({ app }) => app.environment === environment)
            .map((each) => cellOf(each, now))}
        </td>`,
    )}
  </tr> `;
}

function cellOf({ app, states: holds, changes }: BoardApp, now: Date): Html {
  const change = changes[0]?.change;
  const kept = keptOf(app).map(({ key }) => key);
  const stable = stableOf(app);
  return markup`<p>
      <b>${stable?.key ?? "no release yet"}</b
      >${stable && canaryOf(app) && ` ${stable.weight}%`}${marksOf(app, holds)}
    </p>
    ${canaryLine(app, now)}${kept.length > 0 && markup`<small>kept ${kept.join(", ")}</small> `}${change && markup`<small>${change.by} ${change.at.slice(0, 10)}</small>`}`;
}

function canaryLine(app: FleetApp, now: Date): Content {
  const canary = canaryOf(app);
  if (canary === undefined) return undefined;
  const soak = soakText(app, now);
  return markup`<p>
    <b>${canary.key}</b> ${canary.weight}% ${soak && `${soak}, `}<span
      class="${toneOf(canary.check?.verdict)}"
      >${checkText(canary, now)}</span
    >
  </p>`;
}

/** Returns the marks of an app next to its version. A canary needs no mark, because its version is shown. */
export function marksOf(app: FleetApp, holds: readonly State[]): Content {
  const until = app.freezes.map(({ until: end }) => end.slice(0, 10));
  const texts: Partial<Record<State, string>> = { frozen: `frozen until ${until.join(", ")}` };
  return holds
    .filter((state) => state !== "canary")
    .map(
      (state) =>
        markup` <span
          class="is ${state === "failed" || state === "drift" ? "bad" : state === "unknown" ? "soft" : "warn"}"
          >${texts[state] ?? states[state]}</span
        >`,
    );
}

/** Returns the color of a verdict. */
export function toneOf(verdict: "pass" | "fail" | "inconclusive" | undefined): string {
  return verdict === "pass" ? "good" : verdict === "fail" ? "bad" : "soft";
}

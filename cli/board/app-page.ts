import { historyLines } from "../release/history";
import type { FleetRelease } from "../fleet/apps";
import type { BoardApp } from "./data";
import { pageOf } from "./frame";
import { markup, type Html } from "./html";
import { marksOf, toneOf } from "./overview";
import { checkText, soakText } from "./state";

/** Returns the page of one app: each environment with its releases and their history. */
export function appPage(name: string, all: BoardApp[], now: Date): string {
  const body = markup`<p><a href="../index.html">all apps</a></p>
    <h1>${name}</h1>
    ${all.map((each) => sectionOf(each, now))}`;
  return pageOf(name, body);
}

function sectionOf({ app, states, drift, groups, changes, links }: BoardApp, now: Date): Html {
  const facts: [string, string | undefined][] = [
    ["team", app.team],
    ["kind", app.kind],
    ["domain", app.domain],
    ["preset", app.preset],
    ["base image", app.runtime],
    ["stack", app.stack],
    ["file", app.file],
  ];
  const warnings = [
    ...app.freezes.map(
      ({ scope, until, reason }) => `${scope} is frozen until ${until}: ${reason}`,
    ),
    ...app.pending,
    ...groups.map(({ group, text, next, kind }) =>
      [`group ${group.name}: ${text}`, ...(kind === "half" ? next : [])].join(". "),
    ),
    ...(drift ?? []),
    ...(app.unknown === undefined ? [] : [`according to its file only: ${app.unknown}`]),
  ];
  const history = historyLines(app.record);
  return markup`<h2>${app.environment} ${marksOf(app, states)}</h2>
    <p class="soft">
      ${facts.flatMap(([title, value]) => (value === undefined ? [] : [`${title} ${value}`])).join(" · ")}
    </p>
    <p>${links.map(({ text, url }) => markup`<a href="${url}">${text}</a> `)}</p>
    ${warnings.map((text) => markup`<p class="warn">${text}</p>`)}
    <table>
      <thead>
        <tr>
          <th>Release</th>
          <th>Role</th>
          <th>Share</th>
          <th>Since</th>
          <th>Check</th>
        </tr>
      </thead>
      <tbody>
        ${app.releases.map((release) => releaseRow(release, release.role === "canary" ? soakText(app, now) : undefined, now))}
      </tbody>
    </table>
    ${
      history.length > 0 &&
      markup`<h3>History</h3>
        ${history.map((line) => markup`<p>${line}</p>`)}`
    }
    ${
      changes.length > 0 &&
      markup`<h3>Changes to its file</h3>
        ${changes.map(
          ({ change, url }) =>
            markup`<p>
              ${change.at} ${change.by}: ${change.subject}
              <small>${change.commit.slice(0, 10)}</small>
              ${change.request !== undefined && (url === undefined ? change.request : markup`<a href="${url}">${change.request}</a>`)}
            </p>`,
        )}`
    }`;
}

function releaseRow(release: FleetRelease, soak: string | undefined, now: Date): Html {
  const { key, role, weight, since = "unknown", check } = release;
  return markup`<tr>
    <td data-l="release">${key}</td>
    <td data-l="role">${role}</td>
    <td data-l="share">${weight}%</td>
    <td data-l="since">${since}${soak && ` (${soak})`}</td>
    <td data-l="check" class="${toneOf(check?.verdict)}">${checkText(release, now)}</td>
  </tr> `;
}

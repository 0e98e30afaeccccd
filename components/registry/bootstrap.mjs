// Brings Harbor's own settings about: projects, robot accounts, retention and garbage collection.
import {
  Api,
  changed,
  covers,
  Hopeless,
  run,
  secret,
  settings,
  waitFor,
} from "../shared/bootstrap/api.mjs";

const { url, configuration, projects, retention, robots, garbageCollection } = settings();

/** By this description the accounts are known that this script may delete. */
const description = "Kept by the platform's program";

await run(async () => {
  const open = new Api(url);
  await waitFor(`Harbor at ${url}`, async () => (await open.status("/api/v2.0/ping")) === 200);
  const harbor = new Api(url, { name: "admin", password: secret("admin-password") });
  await signedIn(harbor);
  await ensureConfiguration(harbor);
  for (const project of projects) await ensureProject(harbor, project);
  const existing = await allRobots(harbor);
  for (const robot of robots) await ensureRobot(harbor, robot, existing);
  await deleteOtherRobots(harbor, existing);
  await ensureGarbageCollection(harbor);
});

async function signedIn(harbor) {
  const status = await harbor.status("/api/v2.0/users/current");
  if (status === 401) {
    throw new Hopeless(
      "Harbor refuses the password of admin. The Secret harbor-admin counts only at Harbor's first start: " +
        "set admin's password to the one of the Secret in Harbor's pages, then run the update again.",
    );
  }
  if (status !== 200) throw new Error(`Harbor answered ${status} when admin signed in`);
}

async function ensureConfiguration(harbor) {
  const now = await harbor.get("/api/v2.0/configurations");
  const differs = Object.entries(configuration).filter(
    ([key, value]) => now?.[key]?.value !== value,
  );
  if (differs.length === 0) return;
  await harbor.send("PUT", "/api/v2.0/configurations", Object.fromEntries(differs));
  changed(`Set ${differs.map(([key]) => key).join(", ")}`);
}

async function ensureProject(harbor, { name, metadata, retained }) {
  const path = `/api/v2.0/projects/${name}`;
  const found = await harbor.get(path);
  if (found === undefined) {
    await harbor.send("POST", "/api/v2.0/projects", { project_name: name, metadata });
    changed(`Made project ${name}`);
  } else if (!covers(found.metadata, metadata)) {
    await harbor.send("PUT", path, { metadata });
    changed(`Changed project ${name}`);
  }
  if (retained) await ensureRetention(harbor, name, found ?? (await harbor.get(path)));
}

async function ensureRetention(harbor, name, project) {
  const wanted = { ...retention, scope: { level: "project", ref: project.project_id } };
  const id = project.metadata.retention_id;
  if (id === undefined) {
    await harbor.send("POST", "/api/v2.0/retentions", wanted);
    changed(`Made the retention policy of project ${name}`);
    return;
  }
  const path = `/api/v2.0/retentions/${id}`;
  const found = await harbor.get(path);
  // Harbor leaves out what is false.
  const rules = (found?.rules ?? []).map((rule) => ({ disabled: false, ...rule }));
  if (covers({ ...found, rules }, wanted)) return;
  await harbor.send("PUT", path, { id: Number(id), ...wanted });
  changed(`Changed the retention policy of project ${name}`);
}

async function allRobots(harbor) {
  const size = 100;
  const found = [];
  for (let page = 1; ; page += 1) {
    const some = (await harbor.get(`/api/v2.0/robots?page=${page}&page_size=${size}`)) ?? [];
    found.push(...some);
    if (some.length < size) return found;
  }
}

async function ensureRobot(harbor, { name, permissions }, existing) {
  const wanted = { level: "system", duration: -1, disable: false, description, permissions };
  let robot = existing.find((other) => other.name === `robot$${name}`);
  if (robot === undefined) {
    robot = await harbor.send("POST", "/api/v2.0/robots", { name, ...wanted });
    changed(`Made robot ${name}`);
  } else if (!covers({ disable: false, ...robot }, wanted)) {
    await harbor.send("PUT", `/api/v2.0/robots/${robot.id}`, {
      ...wanted,
      id: robot.id,
      name: robot.name,
    });
    changed(`Changed robot ${name}`);
  }
  await ensureSecret(harbor, name, robot);
}

/** Harbor gives a new robot a secret of its own and never shows one; so the wanted one is tried. */
async function ensureSecret(harbor, name, robot) {
  const password = secret(`robot-${name}`);
  const asRobot = new Api(url, { name: `robot$${name}`, password });
  const status = await asRobot.status("/service/token?service=harbor-registry");
  if (status === 200) return;
  if (status !== 401)
    throw new Error(`Harbor answered ${status} when robot ${name} asked for a token`);
  await harbor.send("PATCH", `/api/v2.0/robots/${robot.id}`, { secret: password });
  changed(`Set the secret of robot ${name}`);
}

async function deleteOtherRobots(harbor, existing) {
  const wanted = new Set(robots.map(({ name }) => `robot$${name}`));
  for (const robot of existing) {
    if (robot.description !== description || wanted.has(robot.name)) continue;
    await harbor.send("DELETE", `/api/v2.0/robots/${robot.id}`);
    changed(`Deleted ${robot.name}, which nothing uses any more`);
  }
}

async function ensureGarbageCollection(harbor) {
  const path = "/api/v2.0/system/gc/schedule";
  const now = await harbor.get(path);
  const exists = now?.schedule?.cron !== undefined && now.schedule.cron !== "";
  const parameters = JSON.parse(now?.job_parameters || "{}");
  if (exists && covers({ schedule: now.schedule, parameters }, garbageCollection)) return;
  await harbor.send(exists ? "PUT" : "POST", path, garbageCollection);
  changed("Set the schedule of garbage collection");
}

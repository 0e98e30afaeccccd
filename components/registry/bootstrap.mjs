// Configures Harbor: settings, projects, retention, robot accounts and garbage collection.
import {
  Api,
  reportChange,
  covers,
  PermanentError,
  run,
  secret,
  settings,
  waitFor,
} from "../shared/bootstrap/api.mjs";

const { url, configuration, projects, retention, robots, garbageCollection } = settings();

/** Identifies the accounts that this script may delete; it must never change. */
const description = "Kept by the platform's program";

await run(async () => {
  const open = new Api(url);
  await waitFor(`Harbor at ${url}`, async () => (await open.status("/api/v2.0/ping")) === 200);
  const harbor = new Api(url, { name: "admin", password: secret("admin-password") });
  await signIn(harbor);
  await ensureConfiguration(harbor);
  for (const project of projects) await ensureProject(harbor, project);
  const existing = await allRobots(harbor);
  for (const robot of robots) await ensureRobot(harbor, robot, existing);
  await deleteOtherRobots(harbor, existing);
  await ensureGarbageCollection(harbor);
});

async function signIn(harbor) {
  const status = await harbor.status("/api/v2.0/users/current");
  if (status === 401) {
    throw new PermanentError(
      "Harbor rejects the password of admin. It reads Secret harbor-admin only at its first start. In the web UI " +
        "of Harbor, set the password of admin to the one in the Secret, then run the update again.",
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
  reportChange(`Set ${differs.map(([key]) => key).join(", ")}`);
}

async function ensureProject(harbor, { name, metadata, retained }) {
  const path = `/api/v2.0/projects/${name}`;
  const found = await harbor.get(path);
  if (found === undefined) {
    await harbor.send("POST", "/api/v2.0/projects", { project_name: name, metadata });
    reportChange(`Created project ${name}`);
  } else if (!covers(found.metadata, metadata)) {
    await harbor.send("PUT", path, { metadata });
    reportChange(`Changed project ${name}`);
  }
  if (retained) await ensureRetention(harbor, name, found ?? (await harbor.get(path)));
}

async function ensureRetention(harbor, name, project) {
  const wanted = { ...retention, scope: { level: "project", ref: project.project_id } };
  const id = project.metadata.retention_id;
  if (id === undefined) {
    await harbor.send("POST", "/api/v2.0/retentions", wanted);
    reportChange(`Created the retention policy of project ${name}`);
    return;
  }
  const path = `/api/v2.0/retentions/${id}`;
  const found = await harbor.get(path);
  // Harbor omits fields that are false.
  const rules = (found?.rules ?? []).map((rule) => ({ disabled: false, ...rule }));
  if (covers({ ...found, rules }, wanted)) return;
  await harbor.send("PUT", path, { id: Number(id), ...wanted });
  reportChange(`Changed the retention policy of project ${name}`);
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
    reportChange(`Created robot ${name}`);
  } else if (!covers({ disable: false, ...robot }, wanted)) {
    await harbor.send("PUT", `/api/v2.0/robots/${robot.id}`, {
      ...wanted,
      id: robot.id,
      name: robot.name,
    });
    reportChange(`Changed robot ${name}`);
  }
  await ensureSecret(harbor, name, robot);
}

/** Harbor generates a robot's secret and never returns it, so this tries to log in with the wanted one. */
async function ensureSecret(harbor, name, robot) {
  const password = secret(`robot-${name}`);
  const asRobot = new Api(url, { name: `robot$${name}`, password });
  const status = await asRobot.status("/service/token?service=harbor-registry");
  if (status === 200) return;
  if (status !== 401)
    throw new Error(`Harbor answered ${status} when robot ${name} asked for a token`);
  await harbor.send("PATCH", `/api/v2.0/robots/${robot.id}`, { secret: password });
  reportChange(`Set the secret of robot ${name}`);
}

async function deleteOtherRobots(harbor, existing) {
  const wanted = new Set(robots.map(({ name }) => `robot$${name}`));
  for (const robot of existing) {
    if (robot.description !== description || wanted.has(robot.name)) continue;
    await harbor.send("DELETE", `/api/v2.0/robots/${robot.id}`);
    reportChange(`Deleted ${robot.name}, which nothing uses any more`);
  }
}

async function ensureGarbageCollection(harbor) {
  const path = "/api/v2.0/system/gc/schedule";
  const now = await harbor.get(path);
  const exists = now?.schedule?.cron !== undefined && now.schedule.cron !== "";
  const parameters = JSON.parse(now?.job_parameters || "{}");
  if (exists && covers({ schedule: now.schedule, parameters }, garbageCollection)) return;
  await harbor.send(exists ? "PUT" : "POST", path, garbageCollection);
  reportChange("Set the schedule of garbage collection");
}

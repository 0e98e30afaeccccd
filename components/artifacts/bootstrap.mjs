// Configures Nexus: password, license, blob stores, repositories, cleanup policies, a user for builds.
import process from "node:process";
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

const { url, acceptEula, blobStores, cleanupPolicies, repositories, role } = settings();
const root = `${url}/service/rest/v1`;

await run(async () => {
  const open = new Api(root);
  await waitFor(`Nexus at ${url}`, async () => (await open.status("/status")) === 200);
  const nexus = await signIn();
  await ensureEula(nexus);
  await ensureAnonymousOff(nexus);
  await ensureBlobStores(nexus);
  const policies = await ensureCleanupPolicies(nexus);
  for (const repository of repositories) await ensureRepository(nexus, repository, policies);
  await ensureRole(nexus);
  await ensureUser(nexus);
});

/** Nexus starts with an initial password from a Secret; the first run replaces it with the permanent one. */
async function signIn() {
  const as = (password) => new Api(root, { name: "admin", password });
  const nexus = as(secret("admin-password"));
  if (await canSignIn(nexus, "admin")) return nexus;
  const first = as(secret("initial-password"));
  if (!(await canSignIn(first, "admin"))) {
    throw new PermanentError(
      "Nexus rejects both passwords of admin, the initial one and the one in Secret nexus-admin. In the web UI " +
        "of Nexus, set the password of admin to the value of the key password, then run the update again.",
    );
  }
  await first.send("PUT", "/security/users/admin/change-password", secret("admin-password"));
  reportChange("Set the password of admin");
  return nexus;
}

/** Whether Nexus accepts the user's password. Only admin may read users. */
async function canSignIn(nexus, user) {
  const status = await nexus.status("/security/users?userId=admin");
  if (status === 200) return true;
  if (status === 401) return false;
  // Anonymous access is off by the time other users are tried, so 403 means that the user is authenticated.
  if (status === 403) return user !== "admin";
  throw new Error(`Nexus answered ${status} when ${user} signed in`);
}

async function ensureEula(nexus) {
  if (!acceptEula) {
    process.stdout.write(
      "The license is not accepted: repositories answer 403 until acceptEula is true.\n",
    );
    return;
  }
  const eula = await nexus.get("/system/eula");
  if (eula === undefined || eula.accepted) return;
  // Nexus accepts only its own text, unchanged.
  await nexus.send("POST", "/system/eula", { ...eula, accepted: true });
  reportChange("Accepted the license");
}

async function ensureAnonymousOff(nexus) {
  const now = await nexus.get("/security/anonymous");
  if (now?.enabled === false) return;
  await nexus.send("PUT", "/security/anonymous", { ...now, enabled: false });
  reportChange("Disabled anonymous access");
}

async function ensureBlobStores(nexus) {
  const existing = (await nexus.get("/blobstores")) ?? [];
  for (const name of blobStores) {
    if (existing.some((store) => store.name === name)) continue;
    await nexus.send("POST", "/blobstores/file", { name, path: name });
    reportChange(`Created blob store ${name}`);
  }
}

/** Returns the names of the cleanup policies by format; none if this edition of Nexus has no API for them. */
async function ensureCleanupPolicies(nexus) {
  const path = "/cleanup-policies";
  const status = await nexus.status(path);
  if ([402, 403, 404].includes(status)) {
    process.stdout.write(
      `This edition of Nexus has no API for cleanup policies (${status}): nothing is cleaned up unless policies are created in its web UI.\n`,
    );
    return new Map();
  }
  const existing = (await nexus.get(path)) ?? [];
  for (const policy of cleanupPolicies) {
    const found = existing.find(({ name }) => name === policy.name);
    if (found === undefined) {
      await nexus.send("POST", path, policy);
      reportChange(`Created cleanup policy ${policy.name}`);
    } else if (!covers(found, policy)) {
      await nexus.send("PUT", `${path}/${policy.name}`, policy);
      reportChange(`Changed cleanup policy ${policy.name}`);
    }
  }
  return new Map(cleanupPolicies.map(({ format, name }) => [format, name]));
}

async function ensureRepository(nexus, { kind, name, cleaned, body }, policies) {
  const policy = policies.get(cleaned);
  const wanted = policy === undefined ? body : { ...body, cleanup: { policyNames: [policy] } };
  const path = `/repositories/${kind}`;
  const found = await nexus.get(`${path}/${name}`);
  if (found === undefined) {
    await nexus.send("POST", path, wanted);
    reportChange(`Created repository ${name}`);
  } else if (!covers(found, wanted) || !sameOrder(found, wanted)) {
    await nexus.send("PUT", `${path}/${name}`, wanted);
    reportChange(`Changed repository ${name}`);
  }
}

/** Nexus searches the members of a group in their order, so the order matters. */
function sameOrder(found, wanted) {
  return wanted.group?.memberNames.join() === found.group?.memberNames.join();
}

async function ensureRole(nexus) {
  const found = await nexus.get(`/security/roles/${role.id}`);
  if (found === undefined) {
    await nexus.send("POST", "/security/roles", role);
    reportChange(`Created role ${role.id}`);
  } else if (!covers(found, role)) {
    await nexus.send("PUT", `/security/roles/${role.id}`, role);
    reportChange(`Changed role ${role.id}`);
  }
}

async function ensureUser(nexus) {
  const password = secret("ci-password");
  const user = {
    userId: role.id,
    firstName: role.id,
    lastName: "builds",
    emailAddress: "builds@localhost",
    status: "active",
    roles: [role.id],
  };
  const found = (await nexus.get(`/security/users?userId=${role.id}`)) ?? [];
  const existing = found.find(({ userId }) => userId === role.id);
  if (existing === undefined) {
    await nexus.send("POST", "/security/users", { ...user, password });
    reportChange(`Created user ${role.id}`);
    return;
  }
  if (!covers(existing, user)) {
    await nexus.send("PUT", `/security/users/${role.id}`, { ...existing, ...user });
    reportChange(`Changed user ${role.id}`);
  }
  if (await canSignIn(new Api(root, { name: role.id, password }), role.id)) return;
  await nexus.send("PUT", `/security/users/${role.id}/change-password`, password);
  reportChange(`Set the password of ${role.id}`);
}

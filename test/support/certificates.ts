import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { certificateNames } from "../../components/logging/certificates";
import { startRecordingServer, runBootstrapHere } from "./bootstrap";

/** Returns the content of the certificates Secret, as the component's own script writes it. */
export async function certificateFiles(): Promise<Record<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), "certificates-"));
  let stored: Record<string, string> = {};
  const server = await startRecordingServer(({ method, body }) => {
    if (method === "GET") return { status: 404, body: {} };
    stored = (body as { data: Record<string, string> }).data;
    return { status: 201, body: {} };
  });
  try {
    const tokenFile = join(folder, "token");
    writeFileSync(tokenFile, "token");
    const place = { namespace: "logging", name: "logging-tls", labels: {} };
    const settings = { api: server.url, tokenFile, ...place, names: certificateNames, days: 1 };
    const { code, stderr } = await runBootstrapHere("logging/certificates/make.mjs", settings, {});
    if (code !== 0) throw new Error(stderr);
  } finally {
    await server.close();
    rmSync(folder, { recursive: true });
  }
  return Object.fromEntries(
    Object.entries(stored).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]),
  );
}

import { existsSync, readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { serveImages, type ImageIndex } from "../../images/registry";
import { replaceFile } from "../../toolchain/replace-file";
import { enforcePolicies } from "./enforce";
import { agentFiles } from "./files";

/** Serves what the real machines of a cluster need from this one. Usage: main.ts FOLDER KUBECONFIG */
const folder = process.argv[2] ?? "";
const indexFile = join(folder, agentFiles.images);

const server = serveImages(() =>
  existsSync(indexFile)
    ? (JSON.parse(readFileSync(indexFile, "utf8")) as ImageIndex)
    : { exact: {}, apps: {} },
);
server.listen({ host: "127.0.0.1", port: 0 }, () => {
  const { port } = server.address() as AddressInfo;
  replaceFile(join(folder, agentFiles.port), String(port));
});
enforcePolicies(process.argv[3] ?? "", folder);

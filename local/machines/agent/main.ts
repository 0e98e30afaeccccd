import { existsSync, readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { serveImages, type ImageIndex } from "../../images/registry";
import { replaceFile } from "../../toolchain/replace-file";
import { enforcePolicies } from "./enforce";
import { agentFiles } from "./files";
import { forwardNodePorts } from "./pages";

/** Serves what the real nodes of a cluster need from this machine. Usage: main.ts FOLDER KUBECONFIG NODE */
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
const [kubeconfig = "", machine = ""] = process.argv.slice(3);
enforcePolicies(kubeconfig, folder);
forwardNodePorts(kubeconfig, machine);

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import * as tls from "node:tls";
import type { Cluster } from "../../local/cluster";
import { deployment, servingRequest, assertFinding, type DoctorFixture } from "./doctor";
import { kubectl } from "./rendered";

/** Declares the tests of the doctor's findings about nodes and their kubelets. */
export function describeNodeChecks(
  given: () => { cluster: Cluster; fixture: DoctorFixture },
): void {
  it("reports unsuitable versions, kubelets and runtimes", async () => {
    const { fixture } = given();
    const stated = { kubeconfig: "none", context: "none", version: "1.37" };
    assertFinding(
      await fixture.look([], { cluster: stated }),
      "versions",
      "missing",
      /is 1\.37, the cluster's is 1\.36/,
    );
    const info = (kubeletVersion: string) => ({
      nodeInfo: { kubeletVersion, containerRuntimeVersion: "containerd://1.7.2" },
    });
    await fixture.nodeStatus(info("v1.37.1"));
    assertFinding(await fixture.look(), "versions", "missing", /newer than the API server: node-0/);
    await fixture.nodeStatus(info("v1.32.1"));
    assertFinding(await fixture.look(), "versions", "missing", /three versions behind: node-0/);
    await fixture.nodeStatus(info("v1.35.1"));
    const found = await fixture.look();
    assertFinding(found, "versions", "warning", /behind the API server: node-0/);
    assertFinding(found, "versions", "warning", /containerd 1 on node-0/);
  });

  it("reports unsigned certificates of kubelets", async () => {
    const { cluster, fixture } = given();
    assertFinding(
      await fixture.look(),
      "kubelet certificates",
      "unknown",
      /no kubelet can be reached/,
    );
    const [key, certificate] = [join(cluster.folder, "k.pem"), join(cluster.folder, "c.pem")];
    const subject = ["-subj", "/O=system:nodes/CN=system:node:node-0"];
    const made = ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    execFileSync("openssl", [...made, "-x509", "-keyout", key, "-out", certificate, ...subject], {
      stdio: "pipe",
    });
    const server = tls.createServer({ key: readFileSync(key), cert: readFileSync(certificate) });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const { port: Port } = server.address() as AddressInfo;
      await fixture.nodeStatus({
        addresses: [{ type: "InternalIP", address: "127.0.0.1" }],
        daemonEndpoints: { kubeletEndpoint: { Port } },
      });
      assertFinding(
        await fixture.look(),
        "kubelet certificates",
        "missing",
        /did not sign those of node-0/,
      );
    } finally {
      server.close();
    }
    const request = execFileSync("openssl", [...made, "-keyout", key, ...subject], {
      stdio: "pipe",
    });
    await fixture.apply(servingRequest(request.toString("base64")));
    assertFinding(
      await fixture.look(),
      "kubelet certificates",
      "missing",
      /certificate requests of kubelets are pending: csr-node-0/,
    );
  });

  it("reports groups without nodes, missing zones, SELinux, and too little capacity", async () => {
    const { cluster, fixture } = given();
    const nodeGroups = { fast: { labels: { disk: "ssd" } } };
    await fixture.nodeStatus({ nodeInfo: { osImage: "Rocky Linux 9.6 (Blue Onyx)" } });
    const mounts = { volumes: [{ name: "v", hostPath: { path: "/data" } }] };
    const found = await fixture.look([deployment("1", 1, mounts)], { nodeGroups });
    assertFinding(found, "nodes", "missing", /no node of group fast/);
    assertFinding(found, "nodes", "warning", /SELinux may enforce on node-0, and Deployment/);
    await kubectl(cluster, "label", "node", "node-0", "topology.kubernetes.io/zone-");
    assertFinding(await fixture.look(), "nodes", "warning", /without a zone: node-0/);
    assertFinding(
      await fixture.look([deployment("4", 20)]),
      "capacity",
      "missing",
      /cpu: the stack requests 80, and .* are free/,
    );
    assertFinding(
      await fixture.look([deployment("40", 1)]),
      "capacity",
      "missing",
      /no node is large enough/,
    );
    const selecting = deployment("1", 1, { nodeSelector: { disk: "tape" } });
    assertFinding(
      await fixture.look([selecting]),
      "nodes",
      "missing",
      /no node has the labels that Deployment .* select/,
    );
  });
}

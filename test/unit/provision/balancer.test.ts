import assert from "node:assert/strict";
import { parse } from "yaml";
import { planOf, readCluster } from "../../../provision";

interface Pod {
  spec: {
    containers: { image: string; volumeMounts: { name: string; mountPath: string }[] }[];
    volumes: { name: string; hostPath: { path: string } }[];
  };
}

describe("the load balancer of a plan", () => {
  const files = new Map(planOf(readCluster("prod")).map(({ path, text }) => [path, text]));
  const text = (path: string) => {
    const found = files.get(`control-2/files${path}`);
    assert.ok(found, path);
    return found;
  };
  /** The file of the machine that a container sees at a path. */
  const seen = (name: string, path: string) => {
    const { spec } = parse(text(`/etc/kubernetes/manifests/${name}.yaml`)) as Pod;
    const mount = spec.containers[0]?.volumeMounts.find(({ mountPath }) => mountPath === path);
    return spec.volumes.find((volume) => volume.name === mount?.name)?.hostPath.path;
  };

  it("has its configuration where the images read it", () => {
    assert.equal(seen("haproxy", "/usr/local/etc/haproxy/haproxy.cfg"), "/etc/haproxy/haproxy.cfg");
    const keepalived = "/etc/keepalived/keepalived.conf";
    assert.equal(seen("keepalived", keepalived), keepalived);
    assert.match(text(keepalived), /script "\/etc\/keepalived\/check-api\.sh"/);
    const check = "/etc/keepalived/check-api.sh";
    assert.equal(seen("keepalived", check), check);
  });

  it("checks the API with a program that keepalived's image contains", () => {
    assert.doesNotMatch(text("/etc/keepalived/check-api.sh"), /^[^#]*\bcurl\b/m);
  });

  it("tries another API server if one does not respond", () => {
    assert.match(text("/etc/haproxy/haproxy.cfg"), /^ {4}retries 2$[^]*^ {4}option redispatch 1$/m);
  });
});

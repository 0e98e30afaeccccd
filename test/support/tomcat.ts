import { createHash } from "node:crypto";
import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { archives } from "../../versions/archives";
import { tomcatArchive } from "../../local/toolchain/jars";
import { run } from "../../local/toolchain/run";
import { dockerFolder } from "./dockerfiles";
import { shortRun } from "./java";

const version = /tomcat-9\/v([\d.]+)\//.exec(archives.tomcat.path)?.[1] ?? "";

/** A JSP that must be compiled, and one that accepts a file. */
const pages = {
  "index.jsp": '<%= "jsp " + (40 + 2) %> <%= application.getRealPath("/") != null %>',
  "upload.jsp":
    '<%= "size " + request.getPart("file").getSize() + " " + request.getPart("file").getSubmittedFileName() %>',
  "WEB-INF/web.xml": `<web-app xmlns="http://xmlns.jcp.org/xml/ns/javaee" version="3.1">
  <servlet><servlet-name>upload</servlet-name><jsp-file>/upload.jsp</jsp-file><multipart-config/></servlet>
  <servlet-mapping><servlet-name>upload</servlet-name><url-pattern>/upload</url-pattern></servlet-mapping>
</web-app>`,
};

/** Files of the image and the pod, and the start of the container. */
export interface Layout {
  /** Whether the root file system is read-only. */
  readOnly: boolean;
  /** Writable folders that the pod mounts, besides /tmp. Default: none. */
  mounted?: string[];
  /** The image's command. */
  command: string[];
  /** The image's environment. */
  environment: Record<string, string>;
}

/**
 * The real Tomcat at the pinned version, laid out like the image's Dockerfile, in separate mount, process and network
 * namespaces, so that it uses no port of this machine and leaves nothing behind.
 */
export class Tomcat {
  private readonly folder = mkdtempSync(join(tmpdir(), "tomcat-"));

  /** Unpacks the archive of the image, with an application. */
  async prepare(): Promise<void> {
    const archive = await tomcatArchive(version);
    const found = createHash("sha256").update(readFileSync(archive)).digest("hex");
    if (found !== archives.tomcat.sha256) {
      throw new Error(`${archive}: expected the checksum ${archives.tomcat.sha256}, got ${found}`);
    }
    const home = join(this.folder, "home");
    mkdirSync(home);
    await run("tar", ["-xzf", archive, "-C", home, "--strip-components=1"]);
    rmSync(join(home, "webapps"), { recursive: true });
    mkdirSync(join(home, "webapps"));
    const application = join(this.folder, "application");
    for (const [path, text] of Object.entries(pages)) {
      mkdirSync(join(application, path, ".."), { recursive: true });
      writeFileSync(join(application, path), text);
    }
    await run("jar", ["-cf", join(home, "webapps", "ROOT.war"), "-C", application, "."]);
  }

  /** Starts a container, waits until it serves requests, and returns the responses of its pages. */
  async answers(layout: Layout): Promise<string> {
    const script = [
      "set -eu",
      "ip link set lo up",
      // The image's layers, and the pod's mounts on top of them.
      "mount -t tmpfs tmpfs /opt",
      "mkdir /opt/tomcat",
      `mount --bind ${join(this.folder, "home")} /opt/tomcat`,
      ...(layout.readOnly ? ["mount -o remount,bind,ro /opt/tomcat"] : []),
      ...(layout.mounted ?? []).map((folder) => `mount -t tmpfs tmpfs ${folder}`),
      `cp ${join(dockerFolder, "tomcat", "start-tomcat.sh")} /opt/start-tomcat`,
      `cp ${join(__dirname, "tomcat-client.sh")} /opt/client.sh`,
      "mount -t tmpfs tmpfs /tmp",
      "cd /opt/tomcat",
      'PATH="/opt:/opt/tomcat/bin:$PATH"',
      `${layout.command.join(" ")} > /tmp/log 2>&1 &`,
      "exec sh /opt/client.sh",
    ].join("\n");
    const args = ["--map-root-user", "--mount", "--net", "--pid", "--fork", "--kill-child"];
    const child = spawn("unshare", [...args, "--", "sh", "-c", script], {
      env: { ...process.env, JDK_JAVA_OPTIONS: shortRun.join(" "), ...layout.environment },
    });
    return output(child);
  }

  /** Deletes everything. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function output(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const note = (chunk: Buffer) => (text += chunk.toString());
    child.stdout?.on("data", note);
    child.stderr?.on("data", note);
    child.on("error", reject);
    child.on("close", () => resolve(text));
  });
}

import { existsSync, readFileSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { archives } from "../../../versions/archives";
import type { PresetName } from "../../../versions/app-runtimes";
import { tomcatArchive } from "../../toolchain/jars";
import { checkout } from "../../toolchain/paths";
import { run } from "../../toolchain/run";
import type { Assembled, AssembledFacts, Layer, NeededApp } from "../facts";
import { debian, files, shell } from "../layers";
import { javaLayer } from "./java";
import { nginxLayers } from "./nginx";
import { nodeLayers } from "./node";
import { appPrograms, replacedWorkers } from "./workers";

/** The base images' own files, as their Dockerfiles copy them. */
const docker = (path: string) =>
  readFileSync(join(checkout, "components/images/docker", path), "utf8");

/** Facts that all app images have in common. */
const owner = {
  user: 10_001,
  group: 10_001,
  entryPoint: [],
  volumes: [],
  shell: "/bin/sh",
  source: "components/images/docker: every base image is made for user 10001",
};

/** The code of apps is not in a registry, so a simulated app returns the name of its pod; over gRPC with its status. */
const nodeApp = `import { createServer } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
const isRpc = process.env.PROTOCOL === "h2c";
const server = (isRpc ? createHttp2Server : createServer)((request, response) => {
  response.setHeader("content-type", isRpc ? "application/grpc" : "text/plain");
  if (isRpc) response.addTrailers({ "grpc-status": "0" });
  response.end(\`\${process.env.POD_NAME} \${request.method} \${request.url}\\n\`);
});
const sessions = new Set();
server.on("session", (session) => {
  sessions.add(session);
  session.on("close", () => sessions.delete(session));
});
server.listen(Number(process.env.PORT));
process.on("SIGTERM", () => {
  server.close();
  for (const session of sessions) session.close();
});
`;

const pythonApp = `import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        text = f"{os.environ['POD_NAME']} {self.command} {self.path}\\n".encode()
        self.send_response(200)
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


ThreadingHTTPServer(("", 8080), Page).serve_forever()
`;

const phpApp = `<?php
header("content-type: text/plain");
echo getenv("POD_NAME"), " ", $_SERVER["REQUEST_METHOD"], " ", $_SERVER["REQUEST_URI"], "\\n";
`;

const jspApp = `<%@ page contentType="text/plain" %><%= System.getenv("POD_NAME") %> <%= request.getMethod() %> <%= request.getRequestURI() %>
`;

/** Returns an image that replaces an app's own. */
export function appImage(app: NeededApp): Assembled {
  const { preset = "node", port, protocol, programs } = app;
  const image = preset === "node" ? nodeServer(port, protocol) : servers[preset];
  const workers = replacedWorkers(app);
  const texts = appPrograms(programs, workers);
  if (Object.keys(texts).length === 0) return image;
  const differs =
    workers.length === 0
      ? image.differs
      : `${image.differs}, and a program that counts instead of its workers`;
  return { ...image, differs, layers: [...image.layers, files(texts)] };
}

/** Apps of the other presets, whose servers listen where their base images say. */
const servers: Record<Exclude<PresetName, "node">, Assembled> = {
  python: {
    facts: {
      ...owner,
      workingDirectory: "/app",
      command: ["python3", "-m", "app"],
      environment: { PYTHONUNBUFFERED: "1", PYTHONDONTWRITEBYTECODE: "1", LANG: "C.UTF-8" },
    },
    layers: [shell, debian(["python3-minimal", "python3"]), files({ "/app/app.py": pythonApp })],
    differs: "Debian's Python 3.11, and a page instead of the app",
  },
  static: {
    facts: { ...owner, command: ["nginx", "-g", "daemon off;"] },
    layers: [
      shell,
      ...nginxLayers({
        "/etc/nginx/nginx.conf": docker("nginx/nginx.conf"),
        "/etc/nginx/conf.d/default.conf": docker("nginx/default.conf"),
        "/usr/share/nginx/html/index.html": "static\n",
      }),
    ],
    differs: "Debian's nginx 1.22, and a page instead of the app",
  },
  "php-fpm": {
    facts: {
      ...owner,
      workingDirectory: "/app",
      command: ["php-fpm", "--nodaemonize", "--fpm-config", "/etc/php-fpm.conf"],
    },
    layers: [
      shell,
      debian(["php8.2-fpm", "php8.2-cli"]),
      files(
        {
          "/etc/php-fpm.conf": docker("php/php-fpm.conf"),
          "/app/public/index.php": phpApp,
        },
        { "/usr/local/bin/php-fpm": "/usr/sbin/php-fpm8.2" },
      ),
    ],
    differs: "Debian's PHP 8.2, and a page instead of the app",
  },
  "java-tomcat": {
    facts: tomcatFacts(),
    layers: [
      shell,
      javaLayer("/opt/java"),
      tomcat(),
      files({ "/opt/tomcat/webapps/ROOT/index.jsp": jspApp, ...tomcatStart() }),
    ],
    differs: "Debian's Java 17, and a JSP instead of the app",
  },
};

/** Returns an app that Node.js runs, which also replaces apps without a preset. */
function nodeServer(port = 8080, protocol = "http"): Assembled {
  return {
    facts: {
      ...owner,
      workingDirectory: "/app",
      command: ["node", "server.mjs"],
      environment: { npm_config_cache: "/tmp/npm", PORT: String(port), PROTOCOL: protocol },
    },
    layers: [shell, ...nodeLayers("24.18.0"), files({ "/app/server.mjs": nodeApp })],
    differs: "a page instead of the app",
  };
}

/** Reads the facts from Tomcat's Dockerfile, so that these apps start like real ones. */
function tomcatFacts(): AssembledFacts {
  const text = docker("tomcat/Dockerfile");
  const base = /CATALINA_BASE=(\S+)/.exec(text)?.[1];
  const command = /^CMD (\[.*\])$/m.exec(text)?.[1] ?? "[]";
  return {
    ...owner,
    workingDirectory: "/opt/tomcat",
    command: JSON.parse(command) as string[],
    environment: {
      JAVA_HOME: "/opt/java",
      CATALINA_HOME: "/opt/tomcat",
      ...(base !== undefined && { CATALINA_BASE: base }),
      LANG: "C.UTF-8",
      PATH: "/opt/tomcat/bin:/opt/java/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    },
  };
}

/** Returns the start script of the Dockerfile, if there is one. */
function tomcatStart(): Record<string, string> {
  const path = join(checkout, "components/images/docker/tomcat/start-tomcat.sh");
  return existsSync(path) ? { "/usr/local/bin/start-tomcat": readFileSync(path, "utf8") } : {};
}

/** Tomcat as its Dockerfile installs it: without apps, owned by the app's user. */
function tomcat(): Layer {
  const version = /tomcat-9\/v([^/]+)\//.exec(archives.tomcat.path)?.[1] ?? "";
  return {
    key: JSON.stringify(["tomcat", version]),
    make: async (folder) => {
      const target = join(folder, "opt/tomcat");
      await mkdir(target, { recursive: true });
      const archive = await tomcatArchive(version);
      await run("tar", [
        "--extract",
        "--file",
        archive,
        "--directory",
        target,
        "--strip-components=1",
      ]);
      for (const app of await readdir(join(target, "webapps"))) {
        await rm(join(target, "webapps", app), { recursive: true });
      }
      await run("chown", ["--recursive", "10001:10001", target]);
    },
  };
}

import { imageFacts } from "../../../versions/image-facts";
import type { Assembled, Layer } from "../facts";
import { debian, files, shell } from "../layers";

/** Debian's nginx with additional files in /etc/nginx. */
export function nginxLayers(texts: Record<string, string>): Layer[] {
  return [debian(["nginx-light"]), files(texts)];
}

/** Like the official one: it writes only to /tmp, and listens on 8080. */
const unprivileged = `worker_processes auto;
error_log /dev/stderr notice;
pid /tmp/nginx.pid;
events {
  worker_connections 1024;
}
http {
  proxy_temp_path /tmp/proxy_temp;
  client_body_temp_path /tmp/client_temp;
  fastcgi_temp_path /tmp/fastcgi_temp;
  uwsgi_temp_path /tmp/uwsgi_temp;
  scgi_temp_path /tmp/scgi_temp;
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  access_log /dev/stdout;
  sendfile on;
  keepalive_timeout 65;
  include /etc/nginx/conf.d/*.conf;
}
`;

const page = `server {
  listen 8080;
  root /usr/share/nginx/html;
}
`;

/** The web server in front of PHP-FPM. */
export const nginx: Record<"nginx", Assembled> = {
  nginx: {
    facts: { ...imageFacts.nginx, entryPoint: [] },
    otherFacts: {
      entryPoint:
        "the official script starts nginx too, after it fills in templates and listens on IPv6 if the settings are its own",
    },
    layers: [
      shell,
      ...nginxLayers({
        "/etc/nginx/nginx.conf": unprivileged,
        "/etc/nginx/conf.d/default.conf": page,
      }),
    ],
    differs: "Debian's nginx 1.22",
  },
};

import { nginxResources, type ReleaseTemplate, type Resolved } from "../../config";
import { isWorker } from "../../config/app/kinds";
import { fpmPort, publicFolder } from "../../config/app/presets";
import { imageReference, images, type ImageSource } from "../../versions/images";
import { httpPort } from "./preset";

/**
 * Returns the nginx in front of an app, as it was deployed with the release; undefined if the app needs none.
 */
export function nginxOf(
  template: ReleaseTemplate,
  imageSource: ImageSource | undefined,
): Resolved["nginx"] {
  if (template.resolved !== undefined) return template.resolved.nginx;
  if (template.preset !== "php-fpm" || isWorker(template)) return undefined;
  return {
    image: imageReference(images.nginx, imageSource),
    resources: nginxResources,
    files: { "default.conf": nginxConfig(httpPort(template)) },
    servesVolumes: true,
  };
}

/** Returns a server configuration that looks for a file first, and then calls the front controller. */
function nginxConfig(port: number): string {
  return `server {
  listen ${port};
  root ${publicFolder};
  index index.php;
  # The gateway and the app's own settings limit the size of what is sent.
  client_max_body_size 0;
  location / {
    try_files $uri /index.php$is_args$args;
  }
  location ~ \\.php$ {
    include fastcgi_params;
    fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
    fastcgi_pass 127.0.0.1:${fpmPort};
  }
}
`;
}

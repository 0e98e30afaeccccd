import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { request } from "node:https";
import { URL } from "node:url";

/** An error response of the API server. */
export class Refused extends Error {
  constructor(code, text) {
    super(`${code} ${text.slice(0, 500)}`);
    this.code = code;
  }
}

/** Requests with the first cluster and user of a kubeconfig. */
export class Api {
  constructor({ clusters: [{ cluster }], users: [{ user }] }) {
    const value = (of, key) => {
      const data = of[`${key}-data`];
      if (data !== undefined) return Buffer.from(data, "base64");
      return of[key] === undefined ? undefined : readFileSync(of[key]);
    };
    this.server = cluster.server;
    this.options = {
      ca: value(cluster, "certificate-authority"),
      cert: value(user, "client-certificate"),
      key: value(user, "client-key"),
      headers: user.token === undefined ? {} : { authorization: `Bearer ${user.token}` },
    };
  }

  /**
   * Returns the answer's body.
   * @throws Refused for an error response.
   */
  call(method, path, body, type = "application/json") {
    const { headers, ...options } = this.options;
    const text = body === undefined ? "" : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const sent = request(
        new URL(path, this.server),
        // Each request opens its own connection, because servers come and go.
        { ...options, method, agent: false, headers: { ...headers, "content-type": type } },
        (response) => {
          let answer = "";
          response.on("data", (data) => (answer += data));
          response.on("end", () => {
            const { statusCode } = response;
            if (statusCode < 300) resolve(JSON.parse(answer));
            else reject(new Refused(statusCode, answer));
          });
        },
      );
      sent.setTimeout(10_000, () => sent.destroy(new Error(`${path}: no answer in 10 s`)));
      sent.on("error", reject);
      sent.end(text);
    });
  }
}

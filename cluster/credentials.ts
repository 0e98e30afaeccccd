import type { IncomingMessage } from "node:http";
import type { AgentOptions, RequestOptions } from "node:https";
import { authentication, type Kubeconfig } from "./kubeconfig";

/**
 * Options of the agents of an API server's clients. A resumed TLS session presents no client certificate again: the
 * server must find the user in the session's ticket, and not every server does (API servers of AKS respond with 401).
 * kubectl does not resume sessions either.
 */
export const agentOptions: AgentOptions = { keepAlive: true, maxCachedSessions: 0 };

/**
 * The credentials of a kubeconfig's current context, for as long as the API server accepts them: while an update waits,
 * the token of a login plugin may expire, and the files of a certificate may be replaced.
 */
export class Credentials {
  private known?: Promise<RequestOptions>;

  constructor(private readonly kubeconfig: Kubeconfig) {}

  /**
   * Returns the request options that authenticate. They contain an agent if a proxy is configured.
   * @throws Error if a file cannot be read, or if the login plugin fails; the next call tries again.
   */
  options(): Promise<RequestOptions> {
    if (this.known === undefined) {
      const reading = authentication(this.kubeconfig);
      this.known = reading;
      reading.catch(() => this.forget(reading));
    }
    return this.known;
  }

  /**
   * Returns the response to a request. If the server does not accept the credentials, it has not executed the request;
   * the request is then sent once more, with credentials that are read again and on another connection.
   * @param send sends the request with the given options; called at most twice.
   */
  async request(
    send: (options: RequestOptions) => Promise<IncomingMessage>,
  ): Promise<IncomingMessage> {
    const used = this.options();
    const response = await send(await used);
    if (response.statusCode !== 401) return response;
    // This closes the connection, too.
    response.destroy();
    this.forget(used);
    return send(await this.options());
  }

  private forget(credentials: Promise<RequestOptions>): void {
    if (this.known === credentials) this.known = undefined;
  }
}

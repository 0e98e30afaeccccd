import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { until } from "./until";

/** Longest time for an answer of the browser, milliseconds: a machine with other load may take long. */
const timeout = 60_000;

/** A message of the DevTools protocol: an answer has the number of its question, an event has a method. */
interface Message {
  id?: number;
  method?: string;
  sessionId?: string;
  /** For a lifecycle event of a page: its name, and the navigation to which it belongs. */
  params?: { name?: string; loaderId?: string };
  result?: Record<string, unknown>;
  error?: { message: string };
}

/** The browser's measurements of a page, seconds from the start of the navigation. */
export interface Opening {
  firstContentfulPaint: number;
  domInteractive: number;
  loadEventEnd: number;
  /** Longest time for which the page's main thread was busy without a break; 0 if below 50 ms. */
  longestTask: number;
}

/** Counters of the browser for a page. */
export interface Counters {
  /** How often positions and sizes were calculated. */
  LayoutCount: number;
  /** CPU time of the page's main thread, seconds. */
  ThreadTime: number;
}

/** How a page is shown on a picture. */
export interface View {
  /** Size of the window, pixels. Without a height, the picture shows the whole page. */
  width: number;
  height?: number;
  /** Whether the browser prefers dark colors. */
  dark?: boolean;
}

/** A headless Chromium with a profile of its own, by the DevTools protocol over pipes: no port is opened. */
export class Browser {
  private readonly answers = new Map<number, (message: Message) => void>();
  /** Navigations whose pages are loaded. */
  private readonly loaded = new Set<unknown>();
  private asked = 0;
  private session = "";

  private constructor(
    private readonly process: ChildProcess,
    private readonly profile: string,
  ) {
    let text = "";
    const [, , , input, output] = process.stdio;
    // The handler of `exit` reports that it has ended.
    (input as Writable).on("error", () => undefined);
    (output as Readable).setEncoding("utf8").on("data", (data: string) => {
      const messages = (text + data).split("\0");
      text = messages.pop() ?? "";
      for (const message of messages) this.receive(JSON.parse(message) as Message);
    });
  }

  /** @param command Chromium, and arguments before its own. */
  static async start([command = "chromium", ...before]: string[]): Promise<Browser> {
    const profile = mkdtempSync(join(tmpdir(), "browser-"));
    const flags = [
      ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
      ...["--remote-debugging-pipe", `--user-data-dir=${profile}`, "--window-size=1280,900"],
    ];
    const child = spawn(command, [...before, ...flags, "about:blank"], {
      stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
      // Its own process group: the end of the first process does not end the others at once.
      detached: true,
    });
    const browser = new Browser(child, profile);
    try {
      const { targetId } = await browser.ask("Target.createTarget", { url: "about:blank" });
      const attached = await browser.ask("Target.attachToTarget", { targetId, flatten: true });
      browser.session = String(attached["sessionId"]);
      await browser.ask("Page.enable");
      await browser.ask("Page.setLifecycleEventsEnabled", { enabled: true });
      await browser.ask("Performance.enable");
      return browser;
    } catch (error) {
      await browser.close();
      throw error;
    }
  }

  /** Opens a page, and waits until it is loaded and drawn. */
  async open(url: string): Promise<Opening> {
    // The event of the previous page may arrive late, so only the event of this navigation counts.
    const { errorText, loaderId } = await this.ask("Page.navigate", { url });
    if (errorText !== undefined) throw new Error(`${url}: ${String(errorText)}`);
    const isLoaded = () => {
      if (this.hasEnded) throw new Error(`${url}: the browser ended`);
      return this.loaded.has(loaderId);
    };
    await until(`${url} is loaded`, timeout / 1000, isLoaded, 5);
    return JSON.parse(await this.evaluate<string>(opening)) as Opening;
  }

  /** Opens a page, and returns a picture of it as PNG. */
  async picture(url: string, { width, height, dark = false }: View): Promise<Buffer> {
    const size = (tall: number) =>
      this.ask("Emulation.setDeviceMetricsOverride", {
        ...{ width, height: tall, deviceScaleFactor: 1, mobile: false },
      });
    const features = [{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }];
    await this.ask("Emulation.setEmulatedMedia", { features });
    await this.ask("Emulation.setScrollbarsHidden", { hidden: true });
    await size(height ?? 1);
    await this.open(url);
    const whole = "document.documentElement.scrollHeight";
    if (height === undefined) await size(await this.evaluate<number>(whole));
    const { data } = await this.ask("Page.captureScreenshot", { format: "png" });
    return Buffer.from(String(data), "base64");
  }

  /** Returns the value of an expression in the page; a promise is awaited. */
  async evaluate<Value>(expression: string): Promise<Value> {
    const { result, exceptionDetails } = await this.ask("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return (result as { value: Value }).value;
  }

  async counters(): Promise<Counters> {
    const { metrics } = await this.ask("Performance.getMetrics");
    const entries = metrics as { name: string; value: number }[];
    return Object.fromEntries(
      entries.map(({ name, value }) => [name, value]),
    ) as unknown as Counters;
  }

  /** Ends all processes of the browser, and deletes its profile. */
  async close(): Promise<void> {
    const exited = this.hasEnded ? undefined : once(this.process, "exit");
    // Those that survive their parent would still write to the profile.
    await until("the browser has ended", 30, () => !this.signalAll("SIGKILL"), 20);
    await exited;
    rmSync(this.profile, { recursive: true, force: true });
  }

  private get hasEnded(): boolean {
    return this.process.exitCode !== null || this.process.signalCode !== null;
  }

  /** Sends all processes of the browser a signal. @returns whether there is one. */
  private signalAll(signal: NodeJS.Signals): boolean {
    try {
      return process.kill(-(this.process.pid ?? 0), signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
      throw error;
    }
  }

  private ask(method: string, params: object = {}): Promise<Record<string, unknown>> {
    const id = ++this.asked;
    const session = this.session === "" ? {} : { sessionId: this.session };
    const [, , , input] = this.process.stdio;
    return this.inTime(method, (resolve, reject) => {
      this.answers.set(id, ({ result = {}, error }) =>
        error === undefined ? resolve(result) : reject(new Error(`${method}: ${error.message}`)),
      );
      (input as Writable).write(`${JSON.stringify({ id, method, params, ...session })}\0`);
    });
  }

  private inTime<Value>(
    what: string,
    run: (resolve: (value: Value) => void, reject: (error: Error) => void) => void,
  ): Promise<Value> {
    return new Promise((resolve, reject) => {
      const late = () => reject(new Error(`${what}: the browser did not answer`));
      const timer = setTimeout(late, timeout);
      const ended = () => reject(new Error(`${what}: the browser ended`));
      this.process.once("exit", ended);
      const finish = () => {
        clearTimeout(timer);
        this.process.off("exit", ended);
      };
      run(
        (value) => {
          finish();
          resolve(value);
        },
        (error) => {
          finish();
          reject(error);
        },
      );
    });
  }

  private receive(message: Message): void {
    if (message.id === undefined) {
      const { method, params } = message;
      if (method === "Page.lifecycleEvent" && params?.name === "load")
        this.loaded.add(params.loaderId);
    } else {
      this.answers.get(message.id)?.(message);
      this.answers.delete(message.id);
    }
  }
}

/** Reads the browser's own timings once the first paint is among them, some frames after the page is loaded. */
const opening = `(async () => {
  const painted = () => performance.getEntriesByName("first-contentful-paint")[0];
  for (let frame = 0; frame < 100 && painted() === undefined; frame++)
    await new Promise(requestAnimationFrame);
  const [navigation] = performance.getEntriesByType("navigation");
  const tasks = await new Promise((resolve) => {
    const observer = new PerformanceObserver((list) => resolve(list.getEntries()));
    observer.observe({ type: "longtask", buffered: true });
    setTimeout(() => resolve([]), 200);
  });
  return JSON.stringify({
    firstContentfulPaint: (painted()?.startTime ?? NaN) / 1000,
    domInteractive: navigation.domInteractive / 1000,
    loadEventEnd: navigation.loadEventEnd / 1000,
    longestTask: Math.max(0, ...tasks.map(({ duration }) => duration)) / 1000,
  });
})()`;

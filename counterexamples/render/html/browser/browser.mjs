// A headless Chromium, spoken to over the pipe of its debugging protocol: no port, no package.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const names = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];

// The browser's program; null: there is none.
export function findBrowser() {
  const given = process.env.HOTPROOF_BROWSER;
  for (const name of given ? [given] : names)
    if (spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0) return name;
  return null;
}

export class Browser {
  constructor(program) {
    this.folder = mkdtempSync(join(tmpdir(), "hotproof-pages-"));
    this.child = spawn(program, ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                                 "--no-first-run", "--remote-debugging-pipe", "--user-data-dir=" + this.folder, "about:blank"],
                       { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    this.waiting = new Map();
    this.listeners = [];
    this.last = 0;
    let rest = "";
    this.child.stdio[4].setEncoding("utf8").on("data", (chunk) => {
      const parts = (rest + chunk).split("\0");
      rest = parts.pop();
      for (const part of parts) this.receive(JSON.parse(part));
    });
    this.child.on("exit", () => {
      for (const { reject } of this.waiting.values()) reject(new Error("the browser ended"));
    });
  }

  receive(message) {
    if (message.id === undefined) {
      for (const listener of this.listeners) listener(message);
      return;
    }
    const { resolve, reject } = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.error) reject(new Error(message.error.message));
    else resolve(message.result);
  }

  send(method, params = {}, sessionId = undefined) {
    const id = ++this.last;
    this.child.stdio[3].write(JSON.stringify({ id, method, params, sessionId }) + "\0");
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  // A fresh tab, with its own listener for what goes wrong in it.
  async tab() {
    const { targetId } = await this.send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
    const tab = new Tab(this, targetId, sessionId);
    for (const domain of ["Page", "Runtime", "Log", "Network"]) await tab.send(domain + ".enable");
    return tab;
  }

  close() {
    this.child.removeAllListeners("exit");
    this.child.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

class Tab {
  constructor(browser, target, session) {
    Object.assign(this, { browser, target, session, troubles: [], requests: [], loaded: null });
    browser.listeners.push((message) => {
      if (message.sessionId !== session) return;
      if (message.method === "Page.loadEventFired" && this.loaded) this.loaded();
      if (message.method === "Network.requestWillBeSent") this.requests.push(message.params.request.url);
      if (message.method === "Runtime.exceptionThrown") this.troubles.push(message.params.exceptionDetails.text + " " + (message.params.exceptionDetails.exception?.description ?? ""));
      if (message.method === "Log.entryAdded") this.troubles.push(message.params.entry.text);
    });
  }
  send(method, params) { return this.browser.send(method, params, this.session); }

  async open(url) {
    const loaded = new Promise((resolve) => { this.loaded = resolve; });
    await this.send("Page.navigate", { url: "about:blank" });
    await loaded;
    this.troubles.length = this.requests.length = 0;
    const again = new Promise((resolve) => { this.loaded = resolve; });
    await this.send("Page.navigate", { url });
    await again;
  }
  async value(expression) {
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }
  size(width, height) {
    return this.send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: width < 600 });
  }
  media(features, type = "") {
    return this.send("Emulation.setEmulatedMedia", { media: type, features: Object.entries(features).map(([name, value]) => ({ name, value })) });
  }
  scripts(on) { return this.send("Emulation.setScriptExecutionDisabled", { value: !on }); }
  async key(key, code = key) {
    const codes = { ArrowRight: 39, ArrowLeft: 37, ArrowUp: 38, ArrowDown: 40, Home: 36, End: 35, Tab: 9, Enter: 13 };
    const common = { key, code, windowsVirtualKeyCode: codes[key] ?? key.toUpperCase().charCodeAt(0) };
    await this.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...common });
    if (key === "Enter") await this.send("Input.dispatchKeyEvent", { type: "char", text: "\r", ...common });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", ...common });
  }
  // A real click in the middle of what the selector finds, after it was brought into view.
  async click(selector) {
    const at = await this.value(`(() => { const e = document.querySelector(${JSON.stringify(selector)}); e.scrollIntoView({block: "nearest", behavior: "instant"});
      const b = e.getBoundingClientRect(); return [b.x + b.width / 2, b.y + Math.min(b.height / 2, 12)]; })()`);
    for (const type of ["mousePressed", "mouseReleased"])
      await this.send("Input.dispatchMouseEvent", { type, x: at[0], y: at[1], button: "left", clickCount: 1 });
  }
  async back(by) {
    const { currentIndex, entries } = await this.send("Page.getNavigationHistory");
    await this.send("Page.navigateToHistoryEntry", { entryId: entries[currentIndex + by].id });
    await this.value("new Promise((done) => setTimeout(done, 150))");
  }
  // Of the window; with a size, of that much of the page from its top.
  async picture(width = 0, height = 0) {
    const clip = width > 0 ? { clip: { x: 0, y: 0, width, height, scale: 1 }, captureBeyondViewport: true } : {};
    return Buffer.from((await this.send("Page.captureScreenshot", { format: "png", ...clip })).data, "base64");
  }
  async pdf() { return Buffer.from((await this.send("Page.printToPDF", { printBackground: false })).data, "base64"); }
}

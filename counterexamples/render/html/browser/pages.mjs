// Pages of runs in a headless browser: node pages.mjs OUT PAGE.html…
// Clicks, keys, addresses, light and dark, scripts off, narrow, print; pictures of each go to the folder OUT.
// Exit status: 0 all is well, 1 something is not, 77 there is no browser.
import { strict as assert } from "node:assert";
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Browser, findBrowser } from "./browser.mjs";

const [out, ...pages] = process.argv.slice(2);
if (!out || pages.length === 0) {
  console.error("usage: node pages.mjs OUT PAGE.html...");
  process.exit(2);
}
const program = findBrowser();
if (program === null) {
  console.log("skipped: no Chromium here (apt-get install chromium-headless-shell)");
  process.exit(77);
}

const now = "document.querySelector('#run .step.now').id";
const numbers = "[...document.querySelectorAll('#run .step')].map((row) => row.value)";
const visible = (selector) => `(() => { const e = document.querySelector('${selector}'); if (!e) return false;
  const b = e.getBoundingClientRect(); return b.width > 0 && b.height > 0; })()`;
// Nothing sticks out to the side, and panes are not squeezed to nothing.
const sideways = "document.documentElement.scrollWidth - document.documentElement.clientWidth";

const checks = {
  async "opens at the first step, fetches nothing and reports nothing"(tab, url) {
    await tab.open(url);
    assert.deepEqual(tab.troubles, []);
    assert.deepEqual(tab.requests.filter((request) => request.split("#")[0] !== url), []);
    const first = (await tab.value(numbers))[0];
    assert.equal(await tab.value(now), "step-" + first);
    assert.match(await tab.value("document.querySelector('#now').textContent"), new RegExp("^Step " + first + " of "));
    assert.equal(await tab.value("document.querySelector('#now').getAttribute('aria-live')"), "polite");
    assert.equal(await tab.value("document.querySelector('#first').disabled"), true);
  },
  async "keys, buttons and clicks go through the run, and each step has its address"(tab, url) {
    await tab.open(url);
    const all = await tab.value(numbers);
    const at = async (index, by) => {
      assert.equal(await tab.value(now), "step-" + all[index], by);
      assert.equal(await tab.value("location.hash"), "#step-" + all[index], by);
      assert.equal(await tab.value("document.querySelector('[aria-current=step]').id"), "step-" + all[index], by);
    };
    const last = all.length - 1;
    for (const [key, index] of [["ArrowRight", 1], ["j", 2], ["ArrowDown", 3], ["k", 2], ["ArrowLeft", 1], ["End", last], ["ArrowRight", last],
                                ["ArrowUp", last - 1], ["Home", 0], ["ArrowLeft", 0]]) {
      await tab.key(key);
      await at(index, key);
    }
    for (const [button, index] of [["next", 1], ["next", 2], ["back", 1], ["last", last], ["first", 0]]) {
      await tab.click("#" + button);
      await at(index, button);
    }
    await tab.click("#step-" + all[2] + " code");
    await at(2, "click");
    await tab.click("#step-" + all[last] + " .n");
    await at(last, "click on the number");
    await tab.back(-1);
    await at(2, "the browser's back");
    await tab.back(1);
    await at(last, "the browser's forward");
    await tab.value("document.querySelector('#slide').focus()");
    await tab.key("ArrowLeft");
    await at(last - 1, "slider");
    assert.deepEqual(tab.troubles, []);
  },
  async "an address opens its step"(tab, url) {
    const all = await (await tab.open(url), tab.value(numbers));
    const middle = Math.floor(all.length / 2);
    await tab.open(url + "#step-" + all[middle]);
    assert.equal(await tab.value(now), "step-" + all[middle]);
    await tab.open(url + "#step-99999");
    assert.equal(await tab.value(now), "step-" + all.at(-1));
    for (const odd of ["#", "#step-", "#step-<b>", "#nothing"]) {
      await tab.open(url + odd);
      assert.equal(await tab.value(now), "step-" + all[0], odd);
    }
  },
  async "the panes move in step"(tab, url) {
    await tab.open(url);
    const data = await tab.value("JSON.parse(document.getElementById('data').textContent)");
    const at = {};
    for (const step of data.steps) {
      if (step !== data.steps[0]) await tab.key("ArrowRight");
      at[step.a] = step.at;
      const seen = await tab.value(`({
        marks: [...document.querySelectorAll(".marks b:not(.up)")].map((mark) => [mark.parentNode.parentNode.id, mark.textContent]).sort(),
        line: document.querySelector(".l.now")?.id, lit: document.querySelector("#life .here")?.id,
        inside: (() => { const line = document.querySelector(".l.now"); if (!line) return true; const pane = document.querySelector("#source").getBoundingClientRect();
          const box = line.getBoundingClientRect(); return box.bottom > pane.top && box.top < pane.bottom; })(),
        held: [...document.querySelectorAll("#locks li.held")].length, good: document.querySelector("#good .step.now")?.value })`);
      const letters = await tab.value("[...document.querySelectorAll('#actors .who')].map((who) => who.textContent)");
      const wanted = Object.entries(at).filter(([, line]) => line).map(([who, line]) => [line, letters[who]]).sort();
      assert.deepEqual(seen.marks, wanted, "marks at step " + step.n);
      if (step.at) assert.equal(seen.line, step.at, "line at step " + step.n);
      assert.equal(seen.inside, true, "the line is in view at step " + step.n);
      assert.equal(seen.lit, "life-" + data.visits[step.v], "place at step " + step.n);
      if (data.parts !== null && step.n < data.parts) assert.equal(seen.good, undefined, "the good run is the same before it parts");
    }
    assert.deepEqual(tab.troubles, []);
  },
  async "scripts off: the whole list, and nothing that does nothing"(tab, url) {
    await tab.scripts(false);
    await tab.open(url);
    await tab.scripts(true);
    const all = await tab.value(numbers);
    for (const number of all) assert.equal(await tab.value(visible("#step-" + number)), true);
    assert.equal(await tab.value(visible("#controls")), false);
    assert.equal(await tab.value("document.documentElement.classList.contains('live')"), false);
    const details = "[...document.querySelectorAll('#run .step ul')]";
    assert.equal(await tab.value(details + ".every((list) => list.offsetHeight > 0)"), true);
  },
  async "narrow: one column, nothing sticks out"(tab, url) {
    await tab.size(380, 800);
    await tab.open(url);
    assert.ok(await tab.value(sideways) <= 0);
    const lefts = await tab.value("[...document.querySelectorAll('main > *')].map((pane) => Math.round(pane.getBoundingClientRect().left))");
    assert.equal(new Set(lefts).size, 1);
    await tab.key("End");
    assert.equal(await tab.value(visible("#now")), true);
    await tab.size(1400, 900);
    await tab.open(url);
    assert.ok(await tab.value(sideways) <= 0);
    assert.ok(await tab.value("[...document.querySelectorAll('main > *')].every((pane) => pane.getBoundingClientRect().height > 100)"));
    assert.ok(await tab.value("document.documentElement.scrollHeight <= innerHeight"), "the wide page fits the window");
  },
  async "dark is dark, and words stand out in both"(tab, url) {
    const contrast = `(() => {
      const light = (colour) => { const c = colour.match(/[\\d.]+/g).slice(0, 3).map((v) => { const s = v / 255; return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4; });
        return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]; };
      const paper = (e) => { for (; e; e = e.parentElement) { const b = getComputedStyle(e).backgroundColor; if (b !== "rgba(0, 0, 0, 0)") return light(b); } return 1; };
      return Math.min(...[...document.querySelectorAll("p, h1, h2, code, .where, .who, .tag, .turn, .n, .l, dd, dt, #visits li, #locks li")].filter((e) => e.offsetHeight > 0 && e.textContent.trim()).map((e) => {
        const a = light(getComputedStyle(e).color), b = paper(e); return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05); })); })()`;
    const paper = "getComputedStyle(document.documentElement).backgroundColor";
    await tab.open(url);
    assert.equal(await tab.value(paper), "rgb(255, 255, 255)");
    assert.ok(await tab.value(contrast) >= 4.5, "contrast in light: " + await tab.value(contrast));
    await tab.media({ "prefers-color-scheme": "dark" });
    assert.equal(await tab.value(paper), "rgb(22, 24, 28)");
    assert.ok(await tab.value(contrast) >= 4.5, "contrast in dark: " + await tab.value(contrast));
  },
  async "with the keyboard alone: the focus is seen"(tab, url) {
    await tab.open(url);
    await tab.key("Tab");
    const outline = "getComputedStyle(document.activeElement).outlineStyle";
    assert.notEqual(await tab.value("document.activeElement.tagName"), "BODY");
    assert.equal(await tab.value(outline), "solid");
    await tab.value("document.querySelector('#next').focus()");
    await tab.key("Enter");
    assert.equal(await tab.value(now), "step-" + (await tab.value(numbers))[1]);
  },
  async "prints as a list"(tab, url) {
    await tab.open(url);
    await tab.key("End");
    await tab.media({}, "print");
    assert.equal(await tab.value(visible("#controls")), false);
    for (const number of await tab.value(numbers)) assert.equal(await tab.value(visible("#step-" + number)), true);
    assert.equal(await tab.value("[...document.querySelectorAll('#run .step ul')].every((list) => list.offsetHeight > 0)"), true);
    assert.ok((await tab.pdf()).length > 5000);
  },
};

async function pictures(browser, url, name) {
  const save = (what, bytes) => writeFileSync(join(out, name + "-" + what), bytes);
  const tab = await browser.tab();
  await tab.size(1400, 900);
  await tab.open(url);
  const all = await tab.value(numbers);
  const turn = await tab.value("document.querySelector('#run .no-return')?.value ?? 0");
  const address = url + "#step-" + (turn || all[Math.floor(all.length / 2)]);
  await tab.open(address);
  save("light.png", await tab.picture());
  await tab.media({ "prefers-color-scheme": "dark" });
  save("dark.png", await tab.picture());
  await tab.size(1800, 1000);
  save("wide-dark.png", await tab.picture());
  await tab.media({});
  await tab.key("End");
  save("end.png", await tab.picture());
  save("print.pdf", await tab.pdf());
  await tab.size(380, 800);
  await tab.open(address);
  save("narrow.png", await tab.picture());
  save("narrow-page.png", await tab.picture(380, 1800));
  await tab.size(1000, 900);
  await tab.scripts(false);
  await tab.open(url);
  save("scripts-off.png", await tab.picture(1000, 1600));
  await tab.media({}, "print");
  save("paper.png", await tab.picture(1000, 1600));
}

mkdirSync(out, { recursive: true });
const browser = new Browser(program);
let failed = 0;
try {
  for (const page of pages) {
    const url = pathToFileURL(resolve(page)).href;
    const name = basename(page, ".html");
    for (const [what, check] of Object.entries(checks)) {
      const tab = await browser.tab();
      await tab.size(1400, 900);
      try {
        await check(tab, url);
        console.log("ok " + name + ": " + what);
      } catch (error) {
        ++failed;
        console.log("not ok " + name + ": " + what + "\n" + error.stack);
      }
      await browser.send("Target.closeTarget", { targetId: tab.target });
    }
    await pictures(browser, url, name);
  }
} finally {
  browser.close();
}
console.log(failed === 0 ? "all pages are well; pictures in " + out : failed + " checks failed");
process.exit(failed === 0 ? 0 : 1);

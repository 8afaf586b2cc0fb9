// Opens a file as a phone does (390 x 844, offline) and prints as JSON what is there and what axe-core finds wrong.
// Arguments: the file, and JSON with {chromium, scripts, dark, now (UTC, ISO), picture (a path, or none), follow}.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";

const [path, options] = [process.argv[2], JSON.parse(process.argv[3])];
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const browser = await puppeteer.launch({
  executablePath: options.chromium,
  args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"],
});
try {
  const page = await browser.newPage();
  const asked = [];
  const wrong = [];
  page.on("request", (request) => asked.push(request.url()));
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("console", (line) => line.type() === "error" && wrong.push(line.text()));
  page.on("dialog", (dialog) => {
    wrong.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  await page.setViewport({ width: 390, height: 844, deviceScaleFactor: 2, isMobile: true, hasTouch: true });
  await page.setJavaScriptEnabled(options.scripts);
  await page.setOfflineMode(true);
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: options.dark ? "dark" : "light" }]);
  if (options.scripts) {
    await page.evaluateOnNewDocument((now) => {
      Date.now = () => now;
    }, Date.parse(options.now));
  }
  await page.goto(pathToFileURL(path).href);
  if (options.follow) await page.click(options.follow);
  if (options.picture) await page.screenshot({ path: options.picture });
  const found = await page.evaluate(() => ({
    text: document.body.innerText,
    next: document.getElementById("next")?.innerText ?? "",
    today: [...document.querySelectorAll(".d.now")].map((each) => each.id),
    shown: [...document.querySelectorAll(".d:target")].map((each) => each.id),
    width: document.documentElement.scrollWidth,
    ground: getComputedStyle(document.body).backgroundColor,
    elements: [...new Set([...document.querySelectorAll("*")].map((each) => each.localName))].sort(),
    dead: [...document.querySelectorAll("a")]
      .map((each) => each.getAttribute("href"))
      .filter((each) => !each.startsWith("#") || !document.getElementById(each.slice(1))),
  }));
  if (!options.scripts) await page.setJavaScriptEnabled(true); // axe-core needs it; the page's own script has not run
  await page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))");
  await page.evaluate(axe);
  const report = await page.evaluate("axe.run()");
  const violations = report.violations.map((each) => `${each.id}: ${each.nodes[0].html} (${each.nodes.length})`);
  console.log(JSON.stringify({ ...found, asked, wrong, violations, passes: report.passes.length }));
} finally {
  await browser.close();
}

// One headless Chromium and its pages.
import { chromium } from "playwright-core";
import { notify, serve } from "./rpc.mjs";

const timeout = 30_000;
let browser;
const pages = new Map();

serve(
  {
    async launch({ executable }) {
      browser = await chromium.launch({
        executablePath: executable,
        headless: true,
        timeout,
        args: [
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
        ],
      });
    },

    // A context of its own: pages share no storage, like the browsers of two people.
    async open({ page, url, options }) {
      const context = await browser.newContext(options);
      const opened = await context.newPage();
      opened.setDefaultTimeout(timeout);
      opened.on("console", (message) => notify({ page, level: message.type(), text: message.text() }));
      opened.on("pageerror", (error) => notify({ page, level: "error", text: String(error) }));
      pages.set(page, opened);
      await opened.goto(url);
    },

    fill: ({ page, selector, text }) => pages.get(page).fill(selector, text),
    click: ({ page, selector }) => pages.get(page).click(selector),
    press: ({ page, selector, key }) => pages.get(page).press(selector, key),
    text: ({ page, selector }) => pages.get(page).innerText(selector),
    waitForText: ({ page, selector, text }) => pages.get(page).locator(selector, { hasText: text }).first().waitFor(),
    evaluate: ({ page, code }) => pages.get(page).evaluate(code),
    async screenshot({ page, path }) {
      await pages.get(page).screenshot({ path });
    },
  },
  async () => {
    await browser?.close();
  },
);

// What every test watches: errors of the console, violations of the content security policy, requests to other
// origins. A test fails for any of them, whatever else it checks.
import { AxeBuilder } from "@axe-core/playwright";
import { expect, test as base } from "@playwright/test";

export const THEMES = ["light", "dark"];
export const LANGUAGES = ["it", "en"];
export const WIDTHS = [1440, 390];

export const test = base.extend({
  /** Messages that a test expects, such as the browser's own line about an answer with 401. */
  expected: [[], { option: true }],

  page: async ({ page, baseURL, expected }, use) => {
    const faults = [];
    page.on("console", (message) => {
      if (message.type() === "error" && !expected.some((text) => message.text().includes(text))) {
        faults.push(`console: ${message.text()}`);
      }
    });
    page.on("pageerror", (error) => faults.push(`page: ${error}`));
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (url.protocol.startsWith("http") && url.origin !== new URL(baseURL).origin) {
        faults.push(`foreign origin: ${request.url()}`);
      }
    });
    await page.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        console.error(`csp: ${event.violatedDirective} ${event.blockedURI}`);
      });
    });
    await use(page);
    expect(faults).toEqual([]);
  },
});

/** Opens `path` in a theme and a language, and waits for its heading. */
export async function open(page, path, { theme = "light", language = "it", width = 1440 } = {}) {
  await page.setViewportSize({ width, height: width < 800 ? 844 : 900 });
  await page.addInitScript(
    ([theme, language]) => {
      if (!localStorage.getItem("traguardo.preferences")) {
        localStorage.setItem("traguardo.preferences", JSON.stringify({ theme, language }));
      }
    },
    [theme, language],
  );
  await page.goto(path);
  await expect(page.locator("h1")).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
  await expect(page.locator("html")).toHaveAttribute("lang", language);
}

/** No finding of axe, of any weight. */
export async function expectAccessible(page) {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  const told = violations.map((found) => ({
    rule: found.id,
    help: found.help,
    where: found.nodes.slice(0, 5).map((node) => `${node.target.join(" ")} — ${node.failureSummary?.split("\n")[1]?.trim()}`),
  }));
  expect(told).toEqual([]);
}

/** The page does not scroll sideways. */
export async function expectFits(page) {
  const excess = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(excess).toBeLessThanOrEqual(0);
}

export { expect };

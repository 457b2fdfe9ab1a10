// The calculator: the engine in the browser.
import { LANGUAGES, THEMES, WIDTHS, expect, expectAccessible, expectFits, open, test } from "../fixtures.js";
import { readFileSync } from "node:fs";

const example = (name) => readFileSync(new URL(`../../docs/examples/${name}`, import.meta.url), "utf8");

for (const theme of THEMES) {
  for (const language of LANGUAGES) {
    for (const width of WIDTHS) {
      test(`the calculator is accessible: ${theme} ${language} ${width}`, async ({ page }) => {
        await open(page, "/calculator", { theme, language, width });
        await expect(page.locator(".tile").first()).toBeVisible();
        await expectAccessible(page);
        await expectFits(page);
      });
    }
  }
}

test("every example gives in the browser what the documentation says", async ({ page }) => {
  await open(page, "/calculator");
  await page.getByText("Vedi e modifica i documenti").click();
  for (const name of ["everything", "curve", "rate-overage", "rate-marginal", "grid", "bonus", "pool", "rank", "scorecard", "override", "per-line"]) {
    const expected = JSON.parse(example(`${name}.expect.json`));
    await page.getByLabel("Piano", { exact: true }).fill(example(`${name}.plan.json`));
    await page.getByLabel("Dati", { exact: true }).fill(example(`${name}.inputs.json`));
    const participants = Object.entries(expected.participants);
    expect(participants.length).toBeGreaterThan(0);
    for (const [id, participant] of participants) {
      const [tile, value] = participant.payment === undefined ? [1, participant.earned] : [0, participant.payment];
      if (value === undefined) continue;
      await page.getByLabel("Persona").selectOption(id);
      const amount = new Intl.NumberFormat("it-IT", { style: "currency", currency: "EUR", useGrouping: "always" });
      await expect(page.locator(".tile dd").nth(tile), `${name}: ${id}`).toHaveText(amount.format(value));
    }
  }
});

test("moving an actual changes the pay at once, and the way back is one press", async ({ page }) => {
  await open(page, "/calculator");
  await page.getByLabel("Esempio").selectOption("curve");
  const pay = page.locator(".tile.strong dd");
  await expect(pay).toHaveText("2.250,00 €");
  const actual = page.getByRole("textbox", { name: "Vendite Cardio" });
  await actual.fill("120000");
  await expect(pay).toHaveText("6.000,00 €");
  await page.getByRole("slider").fill("100");
  await expect(pay).toHaveText("3.000,00 €");
  await page.getByRole("button", { name: "Torna ai dati" }).click();
  await expect(pay).toHaveText("2.250,00 €");
});

test("a fault is told with its document and place", async ({ page }) => {
  await open(page, "/calculator");
  await page.getByText("Vedi e modifica i documenti").click();
  await page.getByLabel("Piano", { exact: true }).fill('{"format":"traguardo-plan/1","components":[]}');
  const told = page.locator(".calc-findings");
  await expect(told).toContainText("Piano");
  await expect(told).toContainText("$");
  await expectAccessible(page);
});

test("the derivation opens down to the lines", async ({ page }) => {
  await open(page, "/calculator");
  const tree = page.locator(".tree");
  await tree.locator("summary", { hasText: "Nuove farmacie" }).first().press("Enter");
  await expect(tree).toContainText("F1");
});

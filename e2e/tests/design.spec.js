// Every component, in both themes and languages, on a wide and a narrow screen.
import { LANGUAGES, THEMES, WIDTHS, expect, expectAccessible, expectFits, open, test } from "../fixtures.js";

for (const theme of THEMES) {
  for (const language of LANGUAGES) {
    for (const width of WIDTHS) {
      test(`components are accessible: ${theme} ${language} ${width}`, async ({ page }) => {
        await open(page, "/design", { theme, language, width });
        await expect(page.locator(".chart-svg").first()).toBeVisible();
        await expectAccessible(page);
        await expectFits(page);
      });
    }
  }
}

test("every text changes with the language, and nothing that was typed is lost", async ({ page }) => {
  await open(page, "/design");
  const company = page.getByRole("textbox", { name: "Azienda" });
  await company.fill("Aurora S.p.A.");
  await page.getByRole("main").getByText("English", { exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Components");
  await expect(page.getByRole("textbox", { name: "Company" })).toHaveValue("Aurora S.p.A.");
  await expect(page.getByText("€201,339.86", { exact: true })).toBeVisible();
  // No sentence of the other language is left behind.
  const text = await page.locator("body").innerText();
  for (const italian of ["Raggiungimento", "Obiettivo", "Premio", "Cerca", "Mostra come", "righe"]) {
    expect(text).not.toContain(italian);
  }
});

test("a table of 10,000 rows draws few, sorts, searches, filters and keeps it in the address", async ({ page }) => {
  await open(page, "/design");
  const table = page.getByRole("table", { name: "Rete di vendita" });
  await expect(table).toHaveAttribute("aria-rowcount", "10001");
  expect(await table.locator("tbody tr").count()).toBeLessThan(80);

  await table.getByRole("button", { name: "Risultato" }).click();
  await expect(table.getByRole("columnheader", { name: "Risultato" })).toHaveAttribute("aria-sort", "ascending");
  await table.getByRole("button", { name: "Risultato" }).click();
  await expect(table.getByRole("columnheader", { name: "Risultato" })).toHaveAttribute("aria-sort", "descending");

  await page.getByRole("searchbox", { name: "Cerca" }).fill("giulia conti");
  await page.getByRole("combobox", { name: "Filtra per Regione" }).selectOption("Lazio");
  await expect(page.getByRole("status").filter({ hasText: "di 10.000 righe" })).toBeVisible();
  await expect(table.getByRole("rowheader").first()).toHaveText("Giulia Conti");
  expect(page.url()).toContain("people.q=giulia+conti");
  expect(page.url()).toContain("people.region=Lazio");

  await page.reload();
  await expect(page.getByRole("searchbox", { name: "Cerca" })).toHaveValue("giulia conti");
  await page.getByRole("button", { name: "Togli i filtri" }).click();
  await expect(page.getByText("10.000 righe", { exact: true })).toBeVisible();
});

test("the CSV holds the filtered rows and the visible columns", async ({ page }) => {
  await open(page, "/design");
  await page.getByRole("searchbox", { name: "Cerca" }).fill("giulia conti");
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "CSV" }).click()]);
  expect(download.suggestedFilename()).toBe("Rete di vendita.csv");
  const chunks = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk);
  const lines = Buffer.concat(chunks).toString("utf8").trimEnd().split("\r\n");
  expect(lines[0]).toBe("\ufeffNome;Regione;Prodotto;Obiettivo;Risultato;Raggiungimento;Andamento;Premio");
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines.slice(1)) expect(line).toMatch(/^Giulia Conti;/);
});

test("scrolling shows rows further down without gaps", async ({ page }) => {
  await open(page, "/design");
  const region = page.locator(".table-scroll");
  await region.evaluate((node) => (node.scrollTop = 200_000));
  const table = page.getByRole("table", { name: "Rete di vendita" });
  await expect(table.locator('tr[aria-rowindex="4550"]')).toBeVisible();
});

test("numbers are read with comma or point, and kept when they cannot be read", async ({ page }) => {
  await open(page, "/design");
  const target = page.getByRole("textbox", { name: "Premio obiettivo" });
  await target.fill("1.234,5");
  await target.blur();
  await expect(target).toHaveValue("1.234,50");
  await target.fill("1234.5");
  await target.blur();
  await expect(target).toHaveValue("1.234,50");
  await target.fill("dodici");
  await target.blur();
  await expect(target).toHaveValue("dodici");
  await expect(target).toHaveAttribute("aria-invalid", "true");
  await expect(target).toHaveAccessibleDescription(/Non è un numero/);
});

test("combobox, date and period are used by keyboard alone", async ({ page }) => {
  await open(page, "/design");
  const region = page.getByRole("combobox", { name: "Regione", exact: false }).first();
  await region.focus();
  await page.keyboard.type("vene");
  await page.keyboard.press("Enter");
  await expect(region).toHaveValue("Friuli-Venezia Giulia");

  const day = page.getByRole("textbox", { name: "Data di decorrenza" });
  await day.focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "31 ottobre 2026", exact: true })).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("button", { name: "1 novembre 2026", exact: true })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(day).toHaveValue("01/11/2026");

  await page.getByRole("button", { name: "Periodo successivo" }).press("Enter");
  await expect(page.getByRole("button", { name: "4° trimestre 2026" })).toBeVisible();
});

test("a dialog holds the focus, closes with Esc and gives the focus back", async ({ page }) => {
  await open(page, "/design");
  const opener = page.getByRole("button", { name: "Apri una finestra" });
  await opener.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Piano aggiornato" });
  await expect(dialog).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(opener).toBeFocused();

  await page.getByRole("button", { name: "Chiudi il periodo" }).click();
  const confirm = page.getByRole("dialog", { name: "Chiudere il 3° trimestre 2026?" });
  await expect(confirm.getByRole("button", { name: "Chiudi il periodo" })).toBeDisabled();
  await confirm.getByRole("textbox").fill("2026-Q3");
  await confirm.getByRole("button", { name: "Chiudi il periodo" }).click();
  await expect(confirm).toBeHidden();
});

test("a message offers to undo", async ({ page }) => {
  await open(page, "/design");
  await page.getByRole("button", { name: "Avviso con annulla" }).click();
  await page.locator(".toast").getByRole("button", { name: "Annulla" }).click();
  await expect(page.locator(".toast")).toHaveText("Annullato");
});

test("a chart says in a sentence and in a table what it shows", async ({ page }) => {
  await open(page, "/design");
  const chart = page.getByRole("figure").filter({ hasText: "Curva di pagamento" });
  await expect(chart.getByRole("img")).toHaveAccessibleName(/Con 104,6% ottieni 118,4%/);
  await chart.getByRole("button", { name: "Mostra come tabella" }).click();
  await expect(chart.getByRole("row", { name: /110,0%/ })).toContainText("140,0%");
});

test("keys search and go to pages, and can be switched off", async ({ page }) => {
  await open(page, "/design");
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox", { name: "Cerca" })).toBeFocused();
  await page.getByRole("heading", { level: 1 }).click();
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Scorciatoie da tastiera" });
  await expect(help).toBeVisible();
  await help.getByRole("switch").uncheck();
  await page.keyboard.press("Escape");
  await page.keyboard.press("g");
  await page.keyboard.press("c");
  await expect(page).toHaveURL(/\/design$/);
  await page.getByRole("button", { name: "Scorciatoie da tastiera" }).click();
  await help.getByRole("switch").check();
  await page.keyboard.press("Escape");
  await expect(help).toBeHidden();
  await page.keyboard.press("g");
  await page.keyboard.press("c");
  await expect(page).toHaveURL(/\/calculator$/);
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
});

test("bands stay apart for people who do not see all colours", async ({ page }) => {
  await open(page, "/design");
  // Colour is never alone: each band has its own glyph and words.
  const bands = page.locator(".gauge .band");
  await expect(bands).toHaveText(["▼sotto soglia", "◆in cammino", "●obiettivo raggiunto", "★in accelerazione"]);
});

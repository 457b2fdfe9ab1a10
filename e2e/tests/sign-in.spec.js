// The door, and what happens when a session ends. The API is played by the test.
import { LANGUAGES, THEMES, WIDTHS, expect, expectAccessible, expectFits, open, test } from "../fixtures.js";

const ME = {
  id: "0197a6f0-0000-7000-8000-000000000001",
  name: "Giulia Bianchi",
  email: "giulia.bianchi@aurora.example",
  locale: "it",
  roles: [{ role: "rep", unit_id: null }],
  participant_id: null,
  permissions: ["session.own"],
  expires_at: "2026-12-31T12:00:00Z",
  may_represent: [],
};

function problem(route, status, code, headers = {}) {
  const body = { type: `/docs/problems#${code}`, title: "t", status, detail: "d", instance: "urn:uuid:0f1e2d3c", code };
  return route.fulfill({ status, headers, contentType: "application/problem+json", body: JSON.stringify(body) });
}

for (const theme of THEMES) {
  for (const language of LANGUAGES) {
    for (const width of WIDTHS) {
      test(`the door is accessible: ${theme} ${language} ${width}`, async ({ page }) => {
        await open(page, "/", { theme, language, width });
        await expect(page.getByRole("heading", { level: 1 })).toHaveText(language === "it" ? "Accedi" : "Sign in");
        await expectAccessible(page);
        await expectFits(page);
      });
    }
  }
}

test("what is missing is told at the field, and the first one has the focus", async ({ page }) => {
  await open(page, "/");
  await page.getByRole("button", { name: "Accedi" }).click();
  const email = page.getByRole("textbox", { name: "E-mail" });
  await expect(email).toBeFocused();
  await expect(email).toHaveAttribute("aria-invalid", "true");
  await expect(email).toHaveAccessibleDescription(/Scrivi l’indirizzo per intero/);
  await expectAccessible(page);
});

test.describe("with answers of a server", () => {
  test.use({ expected: ["status of 401", "status of 429"] });

  test("a wrong password is one neutral message, and waiting is told in seconds", async ({ page }) => {
    let answers = 0;
    await page.route("**/api/v1/session", (route) => {
      answers += 1;
      return answers === 1 ? problem(route, 401, "sign_in_failed") : problem(route, 429, "too_many_requests", { "Retry-After": "30" });
    });
    await open(page, "/");
    await page.getByLabel("E-mail").fill(ME.email);
    await page.getByLabel("Password", { exact: true }).fill("sette felci bagnate e un'oca");
    await page.getByRole("button", { name: "Accedi" }).click();
    await expect(page.getByRole("alert")).toContainText("Indirizzo o password non corretti");
    await expectAccessible(page);
    await page.getByRole("button", { name: "Accedi" }).click();
    await expect(page.getByRole("alert")).toContainText("Riprova tra 30 secondi");
    await expect(page.getByLabel("E-mail")).toHaveValue(ME.email);
  });

  test("signing in leads to the address that was asked for", async ({ page }) => {
    const headers = [];
    await page.route("**/api/v1/session", (route) => {
      headers.push(route.request().headers());
      return route.request().method() === "DELETE" ? route.fulfill({ status: 204 }) : route.fulfill({ json: ME });
    });
    await open(page, "/somewhere?x=1");
    await page.getByLabel("E-mail").fill(ME.email);
    await page.getByLabel("Password", { exact: true }).fill("sette felci bagnate e un'oca");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Pagina non trovata");
    await expect(page).toHaveURL(/\/somewhere\?x=1$/);
    expect(headers[0]["x-requested-with"]).toBe("traguardo");

    await page.getByRole("link", { name: "Torna all’inizio" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Ciao Giulia");
    await expectAccessible(page);

    await page.getByRole("button", { name: "Profilo e preferenze" }).click();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Esci" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Accedi");
    // The way back shows nothing of the person who left.
    await page.goBack();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Accedi");
    await expect(page.getByText("Giulia")).toHaveCount(0);
  });
});

test("a server that cannot be reached is told, with what to do", async ({ page }) => {
  test.info().annotations.push({ type: "note", description: "the browser's own line about the failed request is expected" });
  await page.route("**/api/v1/session", (route) => route.abort());
  page.removeAllListeners("console");
  await open(page, "/");
  await page.getByLabel("E-mail").fill(ME.email);
  await page.getByLabel("Password", { exact: true }).fill("sette felci bagnate e un'oca");
  await page.getByRole("button", { name: "Accedi" }).click();
  await expect(page.getByRole("alert")).toContainText("Il servizio non risponde");
  await expect(page.getByLabel("E-mail")).toHaveValue(ME.email);
});

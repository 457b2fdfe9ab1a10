import { defineConfig } from "@playwright/test";

// Another checkout on the same machine may test at the same time: TRAGUARDO_E2E_PORT moves the server.
const port = process.env.TRAGUARDO_E2E_PORT ?? "4173";

// The tests use the Chromium of the machine: nothing is downloaded.
export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  timeout: 60_000,
  fullyParallel: true,
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  reporter: [["list"]],
  snapshotPathTemplate: "{testDir}/screenshots/{arg}{ext}",
  expect: { timeout: 15_000, toHaveScreenshot: { maxDiffPixelRatio: 0.02, animations: "disabled" } },
  use: {
    baseURL: process.env.TRAGUARDO_URL ?? `http://127.0.0.1:${port}`,
    locale: "it-IT",
    timezoneId: "Europe/Rome",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  webServer: process.env.TRAGUARDO_URL
    ? undefined
    : { command: `node server.mjs ${port}`, url: `http://127.0.0.1:${port}/`, reuseExistingServer: !process.env.CI },
});

import { expect, type Page, test as plain } from "@playwright/test";

export const baseUrl = () => process.env["TIDEWATCH_URL"] ?? process.env["TIDEWATCH_FAKE_URL"] ?? "";

/** A test whose page must not complain: no console error, no uncaught error, no CSP report. */
export const test = plain.extend<{ complaints: string[]; at: (path: string) => Promise<void> }>({
  complaints: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
      page.on("console", (message) => {
        if (message.type() === "error") complaints.push(`console: ${message.text()}`);
      });
      await page.addInitScript(() => {
        document.addEventListener("securitypolicyviolation", (event) => {
          console.error(`CSP ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
        });
      });
      await use(complaints);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
  at: async ({ page }, use) => {
    await use(async (path) => {
      await page.goto(new URL(path, baseUrl()).href);
    });
  },
});

/** Acts on a tenant of the fake API. */
export async function fake(page: Page, tenant: string, action: string) {
  const response = await page.request.post(new URL(`/__fake/${tenant}/${action}`, baseUrl()).href);
  return response.json() as Promise<{ streams: number }>;
}

export { expect };

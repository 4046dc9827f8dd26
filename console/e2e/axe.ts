import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** Everything in the light theme; then, on the same page in the dark one, only what a theme can change. */
export async function violations(page: Page, place: string) {
  await page.emulateMedia({ colorScheme: "light" });
  await found(page, `${place}, light`, (axe) =>
    axe.withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]),
  );
  await page.emulateMedia({ colorScheme: "dark" });
  await found(page, `${place}, dark`, (axe) => axe.withRules(["color-contrast", "link-in-text-block"]));
  await page.emulateMedia({ colorScheme: "light" });
}

async function found(page: Page, place: string, rules: (axe: AxeBuilder) => AxeBuilder) {
  // No page has frames of its own; the other mode opens a window for every question.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] });
  const { violations } = await rules(axe).analyze();
  const told = violations.map(
    (each) =>
      `${each.id}: ${each.nodes
        .map((node) => node.target.join(" "))
        .slice(0, 4)
        .join(" | ")}`,
  );
  expect(told, place).toEqual([]);
}

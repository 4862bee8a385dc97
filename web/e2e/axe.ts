import { AxeBuilder } from "@axe-core/playwright"
import type { Page } from "playwright-core"

// violations are what an automated check of accessibility finds on a page, each with its first places.
export async function violations(page: Page): Promise<string[]> {
  const found = await new AxeBuilder({ page }).analyze()
  return found.violations.map((v) => `${page.url()} ${v.id}: ${v.nodes.map((n) => n.target.join(" ")).slice(0, 3)}`)
}

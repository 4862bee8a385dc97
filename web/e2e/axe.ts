import { AxeBuilder } from "@axe-core/playwright"
import type { Page } from "playwright-core"

// violations are what an automated check of accessibility finds on a page, each with its first places; by all rules and in the
// whole page, or as asked. Our pages have no frames of others, so one run in the page is the whole of it (what axe calls
// legacy), and what passes is not listed: that is half of the time.
export async function violations(page: Page, { rules, within }: { rules?: string[]; within?: string } = {}): Promise<string[]> {
  const check = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] })
  if (rules) check.withRules(rules)
  if (within) check.include(within)
  const found = await check.analyze()
  return found.violations.map((v) => `${v.id}, ${v.help}: ${v.nodes.map((n) => n.target.join(" ")).slice(0, 3)}`)
}

// The guide at /docs: found from the page where one is stuck, read in both themes and languages, searched, with its pictures.
import type { Browser } from "playwright-core"
import { afterAll, beforeAll, expect, it } from "vitest"
import { violations } from "./axe"
import { data, launch, signedIn } from "./browser"

let browser: Browser
beforeAll(async () => {
  browser = await launch()
})
afterAll(() => browser.close())

it("leads from a step of a spec to what the guide says of its type, in the language that is read", async () => {
  for (const [locale, name] of [
    ["en-GB", "Documentation of"],
    ["nl-NL", "Documentatie van"],
  ] as const) {
    const { context, page, complaints } = await signedIn(browser, { locale })
    const [processor] = await data<{ id: string }[]>(context, "/v1/processors?sort=name")
    await page.goto(`/processors/${processor?.id}/spec?step=s1`)
    const opened = context.waitForEvent("page")
    await page.getByRole("link", { name }).first().click()
    const guide = await opened
    await guide.locator("h1").waitFor()
    const place = new URL(guide.url())
    expect(place.pathname).toMatch(new RegExp(`^/docs/${locale.slice(0, 2)}/(operations|blocks)$`))
    await guide.locator(`[id="${place.hash.slice(1)}"]`).waitFor()
    await expect.poll(() => guide.evaluate(() => document.documentElement.lang)).toBe(locale.slice(0, 2))
    expect(complaints).toEqual([])
    await context.close()
  }
})

it("shows the six steps with pictures, is searched by keyboard alone, and is the same page in the other language", async () => {
  for (const theme of ["light", "dark"] as const) {
    const { context, page, complaints } = await signedIn(browser, { theme, width: 390 })
    await page.goto("/docs/en/getting-started")
    const pictures = page.locator("article img")
    await expect.poll(() => pictures.count()).toBe(6)
    expect(
      await pictures.evaluateAll((all) => all.map((i) => (i as HTMLImageElement).naturalWidth > 0 && (i as HTMLImageElement).alt !== "")),
    ).not.toContain(false)
    expect(await violations(page)).toEqual([])
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    await page.keyboard.press("/")
    await page.keyboard.type("pseudonym")
    await page.keyboard.press("Enter")
    await page.waitForURL(/\/docs\/en\/search\?q=pseudonym/)
    await page.locator(".found mark").first().waitFor()
    expect(await violations(page)).toEqual([])
    await page.getByRole("link", { name: "Nederlands" }).click()
    await page.waitForURL(/\/docs\/nl\/search\?q=pseudonym/)
    await page.locator(".found a").first().click()
    await page.locator("article h1").waitFor()
    await page.goto("/docs/nl/webhooks") // has tables and code
    expect(await violations(page)).toEqual([])
    expect(complaints).toEqual([])
    await context.close()
  }
})

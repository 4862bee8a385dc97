// What a first visit costs: how much script comes over the line, and when the page can be used. What is fetched ahead after
// that, while the browser is idle, is told by itself.
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, expect, it } from "vitest"
import { launch, signedIn } from "./browser"

const most = 300 * 1024 // bytes of script, as sent

let browser: Browser
beforeAll(async () => {
  browser = await launch()
})
afterAll(() => browser.close())

it.each(["/", "/executions", "/sign-in"])("%s loads little script", async (path) => {
  const { context, page } = await signedIn(browser)
  if (path === "/sign-in") await context.clearCookies()
  // Nothing is fetched ahead, so that nothing that a view needs may hide in what comes after it.
  await page.addInitScript(() => Object.defineProperty(navigator, "connection", { value: { saveData: true } }))
  const line = await context.newCDPSession(page)
  await line.send("Network.enable")
  const scripts = new Set<string>()
  let sent = 0
  line.on("Network.responseReceived", (e) => e.response.mimeType.includes("javascript") && scripts.add(e.requestId))
  line.on("Network.loadingFinished", (e) => {
    if (scripts.has(e.requestId)) sent += e.encodedDataLength
  })
  await page.goto(path)
  await page.locator("h1").first().waitFor()
  await page.locator("h1 ~ *, main :is(a, button, input):visible").first().waitFor()
  const usable = await page.evaluate(() => Math.round(performance.now()))
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'))
  const first = await scriptOf(page)
  console.log(`${path}: ${Math.round(first / 1024)} KB of script in ${scripts.size} files, usable after ${usable} ms (to reach: 300 KB, 1,000 ms)`)
  expect(scripts.size).toBeGreaterThan(0)
  expect(first).toBeGreaterThan(20 * 1024)
  expect(first).toBeLessThan(most)
  await expect.poll(() => Math.abs(first - sent)).toBeLessThan(scripts.size * 1024) // the page counts as the line does, but for heads of answers
  await context.close()
})

it("fetches the rest ahead, while the browser is idle", async () => {
  const { context, page } = await signedIn(browser)
  await page.goto("/")
  await page.waitForFunction(() => performance.getEntriesByName("ahead-end").length > 0, undefined, { timeout: 60_000 })
  const began = await page.evaluate(() => performance.getEntriesByName("ahead")[0]?.startTime ?? Number.POSITIVE_INFINITY)
  const ahead = await scriptOf(page, began)
  console.log(`/: ${Math.round(ahead / 1024)} KB more ahead`)
  expect(ahead).toBeGreaterThan(20 * 1024)
  await context.close()
})

// scriptOf is how many bytes of script a page got over the line, from a moment on.
const scriptOf = (page: Page, from = 0): Promise<number> =>
  page.evaluate(
    (from) =>
      (performance.getEntriesByType("resource") as PerformanceResourceTiming[])
        .filter((e) => e.name.includes(".js") && e.startTime >= from)
        .reduce((sum, e) => sum + e.transferSize, 0),
    from,
  )

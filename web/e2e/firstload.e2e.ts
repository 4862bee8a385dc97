// What a first visit costs: how much script comes over the line, and when the page can be used. What is fetched ahead after
// that, while the browser is idle, is told by itself.
import type { Browser } from "playwright-core"
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
  if (path !== "/sign-in") await page.waitForFunction(() => performance.getEntriesByName("ahead-end").length > 0, undefined, { timeout: 60_000 })
  const [first, ahead, began] = await page.evaluate(() => {
    const began = performance.getEntriesByName("ahead")[0]?.startTime ?? Number.POSITIVE_INFINITY
    const scripts = (performance.getEntriesByType("resource") as PerformanceResourceTiming[]).filter((e) => e.name.includes(".js"))
    const size = (of: PerformanceResourceTiming[]) => of.reduce((sum, e) => sum + e.transferSize, 0)
    return [size(scripts.filter((e) => e.startTime < began)), size(scripts.filter((e) => e.startTime >= began)), began]
  })
  console.log(
    `${path}: ${Math.round(first / 1024)} KB of script, usable after ${usable} ms (to reach: 300 KB, 1,000 ms); ` +
      `${Math.round(ahead / 1024)} KB more ahead, while idle; ${scripts.size} files in all`,
  )
  expect(began).toBeGreaterThan(usable) // nothing that a view needs may hide in what comes after it
  expect(scripts.size).toBeGreaterThan(0)
  expect(first).toBeGreaterThan(20 * 1024)
  expect(first).toBeLessThan(most)
  expect(Math.abs(first + ahead - sent)).toBeLessThan(scripts.size * 1024) // the page counts as the line does, but for heads of answers
  await context.close()
})

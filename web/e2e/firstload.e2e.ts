// What a first visit costs: how much script comes over the line, and when the page can be used.
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
  console.log(`${path}: ${Math.round(sent / 1024)} KB of script in ${scripts.size} files; usable after ${usable} ms (to reach: 300 KB, 1,000 ms)`)
  expect(scripts.size).toBeGreaterThan(0)
  expect(sent).toBeGreaterThan(20 * 1024)
  expect(sent).toBeLessThan(most)
  await context.close()
})

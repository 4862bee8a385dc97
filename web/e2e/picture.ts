// Pictures of pages for people to look at, in a format that keeps them small.
import { mkdirSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"
import type { Page } from "playwright-core"

const quality = 55 // of 100: small letters stay sharp

// picture writes what a window shows as a WebP file.
export async function picture(page: Page, path: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready.then(() => undefined))
  const browser = await page.context().newCDPSession(page)
  const { data } = await browser.send("Page.captureScreenshot", { format: "webp", quality })
  await browser.detach()
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, Buffer.from(data, "base64"))
}

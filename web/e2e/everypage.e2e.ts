// Every page there is: that the list of them is complete, and what each must keep to, in both themes and both languages.
import { readFileSync } from "node:fs"
import type { Browser, BrowserContext, Page } from "playwright-core"
import { afterAll, beforeAll, expect, it } from "vitest"
import nl from "../src/text/nl"
import { violations } from "./axe"
import { data, launch, signedIn, type Window } from "./browser"
import { everyPage } from "./pages"

const all = 600_000 // ms, for half a hundred pages on a small machine that does much else
const beside = 2 // windows at once

let browser: Browser
beforeAll(async () => {
  browser = await launch()
})
afterAll(() => browser.close())

// ready waits for the end of loading: lists ask again all the time, so the network is never quiet.
async function ready(page: Page) {
  await page.waitForFunction(() => document.querySelector("h1, h2") && !document.querySelector('[aria-busy="true"]'))
}

// visit opens each page in turn, in a few windows beside each other, and gives what look found, after the page's name.
async function visit(window: Window, look: (page: Page) => Promise<string[]>): Promise<string[]> {
  const open = await Promise.all(Array.from({ length: beside }, () => signedIn(browser, window)))
  const [first] = open
  if (!first) return []
  const waiting = await everyPage(first.context)
  const found: string[] = []
  await Promise.all(
    open.map(async ({ context, page, complaints }) => {
      await refusals(context)
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [name, path] = next
        try {
          await page.goto(path)
          await ready(page)
          found.push(...(await look(page)).map((what) => `${name}: ${what}`))
          const refused = await page.evaluate(() => (window as unknown as { refused: string[] }).refused)
          found.push(...[...refused, ...complaints.splice(0)].map((what) => `${name}: said ${what}`))
          console.log(`${name}: looked at; ${found.length} findings so far${found.map((what) => `\n    ${what}`).join("")}`)
        } catch (e) {
          found.push(`${name}: ${e}`)
        }
      }
      await context.close()
    }),
  )
  return found
}

// refusals collects in each page what the content policy refused.
async function refusals(context: BrowserContext) {
  await context.addInitScript(() => {
    const refused: string[] = []
    Object.assign(window, { refused })
    document.addEventListener("securitypolicyviolation", (e) => refused.push(`${e.violatedDirective} ${e.blockedURI} ${e.sample}`))
  })
}

async function beyond(page: Page, widths: number[]): Promise<string[]> {
  const out: string[] = []
  for (const width of widths) {
    await page.setViewportSize({ width, height: 844 })
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))))
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    if (over > 0) out.push(`${over} px wider than a window of ${width} px`)
    // What lies outside of the part that scrolls makes the window scroll as well, into nothing.
    const below = await page.evaluate(() => (document.querySelector(".scroll") ? document.documentElement.scrollHeight - innerHeight : 0))
    if (below > 0) out.push(`the window scrolls ${below} px beyond its end at ${width} px`)
  }
  await page.setViewportSize({ width: 1440, height: 900 })
  return out
}

async function headed(page: Page): Promise<string[]> {
  const wrong: string[] = []
  const title = await page.title()
  if (!/^\S.* · Dealwright$/.test(title)) wrong.push(`the title of its window is ${JSON.stringify(title)}`)
  const headings = await page.locator("h1").count()
  if (headings !== 1) wrong.push(`${headings} headings of the first level`)
  return wrong
}

it("is in the list of pages, when it is in the router", async () => {
  const { context } = await signedIn(browser)
  const paths = (await everyPage(context)).map(([, path]) => path.split("?")[0] ?? "")
  const router = readFileSync(new URL("../src/app/router.tsx", import.meta.url), "utf8")
  const routes = [...router.matchAll(/\bpage\((?:"([^"]+)"|`([^`]+)`)/g)].map((m) => m[1] ?? m[2] ?? "")
  expect(routes.length).toBeGreaterThan(15)
  const matches = (route: string) => new RegExp(`^${route.replace(/\$\{[^}]+\}|\$\w+/g, "[^/]+")}$`)
  expect(routes.filter((route) => !paths.some((path) => matches(route).test(path)))).toEqual([])
  await context.close()
})

it("passes the accessibility check, has a title and one heading, fits every window, says nothing; in dark it can be read", {
  timeout: all,
}, async () => {
  const look = async (page: Page) => {
    const found = [...(await violations(page)), ...(await headed(page)), ...(await beyond(page, [1440, 1024, 390]))]
    await page.emulateMedia({ colorScheme: "dark" })
    await page.waitForFunction(() => document.documentElement.dataset.theme === "dark")
    const dark = await violations(page, { rules: ["color-contrast"] }) // the rest is the same page
    await page.emulateMedia({ colorScheme: "light" })
    await page.waitForFunction(() => document.documentElement.dataset.theme === "light")
    return [...found, ...dark.map((what) => `in dark: ${what}`)]
  }
  expect(await visit({ theme: "light" }, look)).toEqual([])
})

// What English is in the catalogue and reads otherwise in Dutch: whole texts, and those with plain values in them.
// A single word without a capital may be a word of the spec language, which has no Dutch.
const english = Object.entries(nl).flatMap(([key, dutch]) => (key !== dutch && !/^[a-z]+$/.test(key) ? [key] : []))
const whole = new Set(english.filter((key) => !key.includes("{") && !key.includes("<")))
const quoted = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
const parted = english
  .filter((key) => key.includes("{") && !/\{\w+,|</.test(key) && key.replace(/\{\w+\}/g, "").trim().length > 8)
  .map(
    (key) =>
      new RegExp(
        `^${key
          .split(/\{\w+\}/)
          .map(quoted)
          .join(".+")}$`,
      ),
  )

it("is in Dutch for who reads Dutch, also what is only heard", { timeout: all }, async () => {
  const { context } = await signedIn(browser)
  const named = new Set<string>() // what people called their things, whatever language that is in
  for (const what of ["providers", "sources", "processors", "metrics", "events"]) {
    for (const { name } of await data<{ name: string }[]>(context, `/v1/${what}`)) named.add(name)
  }
  await context.close()
  const look = async (page: Page) => {
    const shown = await page.evaluate(() => {
      const texts: string[] = []
      const verbatim = "code, pre, kbd, samp, script, style, textarea, .cm-editor, .mono, [translate=no]"
      const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
      for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        const holder = node.parentElement
        if (holder && !holder.closest(verbatim) && holder.checkVisibility()) texts.push(node.textContent?.trim() ?? "")
      }
      for (const holder of document.querySelectorAll("[aria-label], [title], [placeholder], [alt]")) {
        for (const name of ["aria-label", "title", "placeholder", "alt"]) texts.push(holder.getAttribute(name)?.trim() ?? "")
      }
      return [...new Set(texts.filter((text) => /[A-Za-z]{2}/.test(text)))]
    })
    const left = shown.filter((text) => !named.has(text)).filter((text) => whole.has(text) || parted.some((p) => p.test(text)))
    const lang = await page.evaluate(() => document.documentElement.lang)
    return [...(lang === "nl" ? [] : [`its language is ${lang}`]), ...left.map((text) => `shows ${JSON.stringify(text)}`)]
  }
  expect(await visit({ locale: "nl-NL" }, look)).toEqual([])
})

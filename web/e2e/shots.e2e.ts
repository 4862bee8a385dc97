// Pictures of every page for a person to look at: both themes, three widths, and the states a list can be in. They go to
// docs/screens; SHOTS=home,trace takes those alone.
import type { Browser, Page, Request } from "playwright-core"
import { afterAll, beforeAll, it } from "vitest"
import { base, data, launch, send, signedIn, watched } from "./browser"
import { everyPage } from "./pages"
import { picture } from "./picture"

const folder = new URL("../../docs/screens/", import.meta.url).pathname
const only = process.env.SHOTS?.split(",")
const all = 300_000 // ms; a hundred pictures on a small machine

let browser: Browser
beforeAll(async () => {
  browser = await launch()
})
afterAll(() => browser.close())

const quiet = 250 // ms without a question to the server: a page has asked what it needs
const longest = 5_000 // ms; a page that asks again all the time is taken as it is

// shoot opens a page and takes its picture once it shows what it asked for: not its first frame, where panels are empty still.
async function shoot(page: Page, path: string, name: string) {
  const asked = new Set<Request>()
  let last = Date.now()
  const begun = (r: Request) => r.url().includes("/v1/") && asked.add(r)
  const ended = (r: Request) => {
    if (asked.delete(r)) last = Date.now()
  }
  page.on("request", begun).on("requestfinished", ended).on("requestfailed", ended)
  await page.goto(path)
  await page.locator("main").first().waitFor()
  await page.waitForFunction(() => document.querySelector("h1, h2") && !document.querySelector('[aria-busy="true"]'))
  const until = Date.now() + longest
  while ((asked.size > 0 || Date.now() - last < quiet) && Date.now() < until) await page.waitForTimeout(quiet / 5)
  page.off("request", begun).off("requestfinished", ended).off("requestfailed", ended)
  await picture(page, `${folder}${name}.webp`)
}

const windows = [
  { name: "light", theme: "light", width: 1440, height: 900 },
  { name: "dark", theme: "dark", width: 1440, height: 900 },
  { name: "1024", theme: "light", width: 1024, height: 768 },
  { name: "390", theme: "light", width: 390, height: 844 },
] as const

it.each(windows)("every page, $name", { timeout: all }, async ({ name, ...window }) => {
  const { context, page } = await signedIn(browser, window)
  for (const [what, path] of await everyPage(context)) if (!only || only.includes(what)) await shoot(page, path, `${what}-${name}`)
  await context.close()
})

it.skipIf(only)("signed out", { timeout: all }, async () => {
  for (const theme of ["light", "dark"] as const) {
    const context = await browser.newContext({ baseURL: base(), viewport: { width: 1440, height: 900 }, colorScheme: theme })
    const { page } = await watched(context)
    await shoot(page, "/sign-in", `sign-in-${theme}`)
    await page.route("**/v1/auth/setup-state", (r) => r.fulfill({ json: { data: { setup_needed: true }, meta: {} } }))
    await shoot(page, "/setup", `setup-${theme}`)
    await context.close()
  }
})

it.skipIf(only)("empty and failing lists", { timeout: all }, async () => {
  const { context, page } = await signedIn(browser)
  const lists = ["/providers", "/processors", "/executions", "/source-executions", "/identities", "/agents", "/activities"]
  const name = (path: string) => path.slice(1)
  await page.route(/\/v1\/(?!auth|settings)/, (r) =>
    r.fulfill({ json: { data: [], meta: { request_id: "req_EMPTY", timestamp: "", per_page: 50 } } }),
  )
  for (const path of lists) await shoot(page, path, `${name(path)}-empty`)
  await shoot(page, "/executions?status=failed", "executions-nothing-matches")
  await page.unroute(/\/v1\/(?!auth|settings)/)
  await page.route(/\/v1\/(?!auth|settings)/, (r) =>
    r.fulfill({
      status: 400,
      json: { error: { code: "UNREADABLE", message: "The database is busy.", details: [] }, meta: { request_id: "req_71B2" } },
    }),
  )
  for (const path of ["/executions", "/identities"]) await shoot(page, path, `${name(path)}-error`)
  await context.close()
})

// Somebody counts deals without VAT, and a quote from its signature on: deals change, and quotes without an order fail.
it.skipIf(only && !only.includes("compare"))("compare, with a draft", { timeout: all }, async () => {
  const { context } = await signedIn(browser)
  const processor = (await data<{ id: string; name: string }[]>(context, "/v1/processors")).find((p) => p.name === "Quotes and deals")
  if (!processor) throw new Error("the demo has no processor Quotes and deals")
  const live = await data<{ version: number; text: string }>(context, `/v1/processors/${processor.id}/spec`)
  const draft = live.text
    .replace("value: =event.offer.order.total", "value: =divide(event.offer.order.total, 1.21)")
    .replace("event.offer.sent_at", "event.offer.order.signed_at")
  await send(context, "PUT", `/v1/processors/${processor.id}/draft?base_version=${live.version}`, draft, "application/yaml")
  await context.close()
  for (const { name, ...window } of windows) {
    const { context, page } = await signedIn(browser, window)
    await shoot(page, `/processors/${processor.id}/compare`, `compare-${name}`)
    await context.close()
  }
})

// The picture of the README: a trace of the demo that wrote something and had something to complain about.
it.skipIf(only && !only.includes("readme"))("the picture of the README", { timeout: all }, async () => {
  const { context, page } = await signedIn(browser, { width: 1280, height: 736 })
  const partial = await data<{ id: string }[]>(context, "/v1/executions?status=partial&per_page=1")
  const succeeded = await data<{ id: string }[]>(context, "/v1/executions?status=succeeded&per_page=1")
  const one = partial[0] ?? succeeded[0]
  if (one) await shoot(page, `/executions/${one.id}`, "../images/trace")
  await context.close()
})

// Strings that would do harm, in every field that comes from outside, on every page that shows them: none is run, none is
// refused by the content policy (it never became markup), none makes a page wider, and no spreadsheet takes one for a formula.
import type { Browser, BrowserContext } from "playwright-core"
import { afterAll, beforeAll, expect, it } from "vitest"
import { base, data, launch, send, signedIn } from "./browser"

let browser: Browser
beforeAll(async () => {
  browser = await launch()
})
afterAll(() => browser.close())

interface Made {
  id: string
}

// What each would run, were it taken for a program. It says which one it was.
const run = (i: number) => `window.harmed=(window.harmed||[]).concat(${i})`

const events = "load error click mouseover focus toggle begin animationstart pointerenter hashchange pageshow scroll".split(" ")
const elements = "img svg body iframe input video audio details marquee object embed math style link meta form button a".split(" ")
const around = ["%", '">%', "'>%", "</script>%", "</style>%", "</textarea>%", "-->%", "]]>%", "{{%}}", "`%`", "\\u003c%", "&lt;%"]

// strings are several thousand: each element with each event in each surrounding, and what harms in other ways.
function strings(): string[] {
  const all: string[] = []
  for (const element of elements) {
    for (const event of events) {
      for (const frame of around) all.push(frame.replace("%", `<${element} src=x on${event}="${run(all.length)}" tabindex=1 autofocus>`))
    }
  }
  const code = () => run(all.length)
  for (const frame of around) {
    for (const make of [
      () => `<script>${code()}</script>`,
      () => `<ScRiPt\n>${code()}</sCrIpT >`,
      () => `<svg><script>${code()}</script></svg>`,
      () => `<iframe srcdoc="<script>parent.${code()}</script>">`,
      () => `<a href="javascript:${code()}">x</a>`,
      () => `<a href="data:text/html,<script>${code()}</script>">x</a>`,
      () => `<base href="javascript:${code()}//">`,
      () => `<style>@import 'javascript:${code()}';*{display:none}</style>`,
      () => `<meta http-equiv="refresh" content="0;url=javascript:${code()}">`,
    ]) {
      all.push(frame.replace("%", make()))
    }
  }
  for (const open of ["{{", "${", "#{", "<%=", "{%", "[[", "@{"]) all.push(`${open}constructor.constructor('${code()}')()}}`)
  for (const link of ["javascript:", "JaVaScRiPt:", "java\tscript:", "\u0001javascript:", "data:text/html;base64,", "vbscript:"])
    all.push(link + code())
  all.push(
    "\u202egnp.exe\u202c",
    "a\u200b\u200c\u200d\ufeffb",
    "👩‍👩‍👧‍👦🏳️‍🌈".repeat(30),
    `Z${"\u0300\u0323".repeat(300)}`,
    "\u2066\u2067\u2068".repeat(40),
  )
  all.push("{n, plural, one {#} other {#}}", "{", "}", "'{'", "<b>{x}</b>", "</a>", "{__proto__}", "__proto__", "constructor", "toString")
  all.push("[x](javascript:alert(1))", "![x](x)", "# head", "| a | b |", "```", "*".repeat(500))
  all.push(
    '","x":"',
    "'; DROP TABLE activities;--",
    "\\",
    '"',
    "'",
    "\\u0000",
    "\r\nSet-Cookie: a=b",
    "%00",
    "%s%n",
    "../../etc/passwd",
    "\u2028\u2029",
  )
  all.push("=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1", '=HYPERLINK("http://x","y")', "=cmd|' /C calc'!A0", "＝1+1")
  all.push("W".repeat(3_000), "i\u00a0".repeat(2_000), "a\n".repeat(500), `x${"y".repeat(100_000)}`)
  return all
}

const spec = (note: string) => `spec: 1
source_model: webhook.payload
var: event
constants:
  - {name: kind, type: string, note: ${note}, default: ${note}}
instructions:
  - type: for_each
    note: ${note}
    list: =event.rows
    item_var: row
    body:
      - type: upsert_agent_external_identity
        external_id: =substring(row.text, 0, length=200)
        external_name: =substring(row.text, 0, length=200)
        return_as: agent
      - type: upsert_activity
        external_id: =concat(row.n, substring(row.text, 0, length=200))
        activity_type: =substring(row.text, 0, length=100)
        agent_external_identity: =agent
        moment: =parse_datetime(event.at)
  - type: fail
    message: =concat(kind, substring(event.rows[0].text, 0, length=500))
`

// arrived lets all strings in by a webhook, as keys and as values, and gives the pages that show them.
async function arrived(context: BrowserContext, all: string[]): Promise<string[]> {
  const name = `${all[0]?.slice(0, 100)} ${Date.now()}`
  const provider = await send<Made & { api_key: string }>(context, "POST", "/v1/providers", { type: "webhooks", name })
  const source = await send<Made & { url: string }>(context, "POST", `/v1/providers/${provider.id}/sources`, { type: "webhook.payload", name })
  const processor = await send<Made>(context, "POST", "/v1/processors", { name, provider_id: provider.id, source_model: "webhook.payload" })
  await send(context, "PUT", `/v1/processors/${processor.id}/spec`, spec(JSON.stringify(`<img src=x onerror="${run(-1)}">`)), "application/yaml")
  await send(context, "POST", `/v1/processors/${processor.id}/enable`, {})
  await send(context, "PUT", `/v1/sources/${source.id}/processors`, [{ processor_id: processor.id, constants: {} }])
  const deliver = async (rows: { n: number; text: string }[]) => {
    const answer = await fetch(base() + new URL(source.url).pathname, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${provider.api_key}` },
      body: JSON.stringify({ at: "2026-11-19 16:20:00", rows, keys: Object.fromEntries(rows.map((r) => [r.text.slice(0, 200), r.text])) }),
    })
    expect(answer.status).toBe(200)
  }
  const part = 250
  for (let from = 0; from < all.length; from += part) await deliver(all.slice(from, from + part).map((text, i) => ({ n: from + i, text })))
  let runs: { id: string; delivery_id: string }[] = []
  await expect
    .poll(
      async () => {
        runs = await data(context, `/v1/executions?processor_id=${processor.id}&per_page=100`)
        return runs.length
      },
      { timeout: 60_000 },
    )
    .toBe(Math.ceil(all.length / part))
  const records = await data<Made[]>(context, `/v1/activities?provider_id=${provider.id}&per_page=100`)
  const to = (id: string | undefined, path: string) => (id ? [path + id] : [])
  return [
    "/",
    "/providers",
    `/providers/${provider.id}`,
    `/providers/${provider.id}?source=${source.id}`,
    "/processors",
    `/processors/${processor.id}`,
    ...["steps", "yaml", "tests", "history", "coverage"].map((tab) => `/processors/${processor.id}/spec?tab=${tab}`),
    `/processors/${processor.id}/compare`,
    "/executions",
    "/executions?by=cause",
    ...runs.flatMap((r) => [`/executions/${r.id}`, `/deliveries/${r.delivery_id}`]),
    `/executions/dry?processor=${processor.id}&delivery=${runs[0]?.delivery_id}&with=live`,
    "/deliveries",
    "/source-executions",
    "/hooks",
    "/identities",
    `/identities?search=${encodeURIComponent("<img")}`,
    `/activities?provider_id=${provider.id}`,
    `/activities?search=${encodeURIComponent(all[0] ?? "")}`,
    ...to(records[0]?.id, "/records/activities/"),
    "/journal",
  ]
}

it("shows several thousand hostile strings as the text they are", { timeout: 600_000 }, async () => {
  const { context, page, complaints } = await signedIn(browser, { width: 1024 })
  const all = strings()
  expect(all.length).toBeGreaterThan(2_500)
  await context.addInitScript(() => {
    const refused: string[] = []
    Object.assign(window, { refused, alert: () => refused.push("an alert") })
    document.addEventListener("securitypolicyviolation", (e) => refused.push(`${e.violatedDirective} ${e.blockedURI}`))
  })
  const pages = await arrived(context, all)
  const found: string[] = []
  let shown = 0
  for (const path of pages) {
    await page.goto(path)
    await page.waitForFunction(() => document.querySelector("h1, h2") && !document.querySelector('[aria-busy="true"]'))
    const seen = await page.evaluate(() => {
      const w = window as unknown as { harmed?: number[]; refused: string[] }
      return {
        wide: document.documentElement.scrollWidth - innerWidth,
        harmed: w.harmed ?? [],
        refused: w.refused,
        hostile: (document.body.innerText.match(/onerror=|onload=|<script|javascript:/gi) ?? []).length,
        scripts: document.querySelectorAll("script:not([src]), [onerror], [onload], [onclick], iframe, object, embed, base").length,
      }
    })
    shown += seen.hostile
    if (seen.wide > 0) found.push(`${path}: ${seen.wide} px too wide`)
    if (seen.harmed.length > 0) found.push(`${path}: ran ${seen.harmed}`)
    if (seen.scripts > 0) found.push(`${path}: ${seen.scripts} elements that could run something`)
    for (const what of [...seen.refused, ...complaints.splice(0)]) found.push(`${path}: ${what}`)
  }
  expect(found).toEqual([])
  expect(shown).toBeGreaterThan(100) // or the strings were nowhere to be seen
  console.log(`${all.length} hostile strings on ${pages.length} pages; ${shown} times in sight`)
  for (const list of ["activities", "identities", "executions", "journal"]) {
    const text = await (await context.request.get(`/v1/${list}/export`)).text()
    expect(text.split(/[,;\n]/).filter((cell) => /^"?[=+@\t]/.test(cell))).toEqual([])
  }
  await context.close()
})

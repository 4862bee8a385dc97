// Home, metrics and events: what comes in, what needs a person, and the numbers that people look at.
import type { Browser, BrowserContext } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { violations } from "./axe"
import { base, data, launch, send, signedIn } from "./browser"

let browser: Browser
beforeAll(async () => {
  browser = await launch()
})
afterAll(() => browser.close())

interface Made {
  id: string
  name: string
}

interface Values {
  all: { total: number | null }
}

let n = 0
const unique = () => `${process.pid}-${Date.now()}-${++n}`

// door is a provider whose fixed webhooks can be called.
async function door(context: BrowserContext): Promise<(kind: string, body: object) => Promise<void>> {
  const p = await send<Made & { api_key: string }>(context, "POST", "/v1/providers", { type: "webhooks", name: `Numbers ${unique()}` })
  return async (kind, body) => {
    const answer = await fetch(`${base()}/webhooks/${p.id}/${kind}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${p.api_key}` },
      body: JSON.stringify(body),
    })
    expect(answer.status, await answer.text()).toBe(200)
  }
}

const now = () => new Date().toISOString()
async function until(what: string, is: () => Promise<boolean>): Promise<void> {
  for (const began = Date.now(); Date.now() - began < 30_000; ) {
    if (await is()) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`it never came to it: ${what}`)
}

describe("home", () => {
  it("shows the pulse of each source, and each of its graphs leads to what is behind it and has a table", async () => {
    const { context, page, complaints } = await signedIn(browser)
    await page.goto("/")
    const sources = await data<Made[]>(context, "/v1/sources")
    const offers = page.getByRole("slider", { name: /^Deliveries of Offers/ })
    await offers.waitFor()
    expect(sources.length).toBeGreaterThan(2)
    for (const s of sources)
      await expect.poll(() => page.getByRole("slider", { name: new RegExp(`^Deliveries of ${s.name}`) }).count()).toBeGreaterThan(0)
    expect(await violations(page)).toEqual([])

    // By keyboard: the bar of an hour leads to the deliveries of that source in that hour.
    await offers.focus()
    await page.keyboard.press("ArrowLeft")
    await expect.poll(() => offers.getAttribute("aria-valuetext")).toMatch(/deliver/)
    await page.keyboard.press("Enter")
    await page.waitForURL(/\/deliveries\?.*source_id=/)
    const at = new URL(page.url()).searchParams
    expect(Date.parse(at.get("before") ?? "") - Date.parse(at.get("after") ?? "")).toBe(3_600_000)

    await page.goBack()
    await page.getByRole("slider", { name: "Executions by outcome" }).focus()
    await page.keyboard.press("Enter")
    await page.waitForURL(/\/executions\?.*after=/)

    await page.goto("/?view=table&range=7d")
    await page.getByRole("table", { name: "Deliveries by source" }).waitFor()
    const outcomes = page.getByRole("table", { name: "Executions by outcome" })
    await expect.poll(() => outcomes.locator("tbody tr").count()).toBe(42)
    const counted = await outcomes.locator("tbody td").allInnerTexts()
    expect(counted.reduce((sum, text) => sum + Number(text.replace(/\D/g, "")), 0)).toBeGreaterThan(500)
    expect(await violations(page)).toEqual([])
    expect(complaints).toEqual([])
    await context.close()
  })

  it("draws what fails, what is linked, how long things take and what goes where, each with the way to what is behind it", async () => {
    const { context, page, complaints } = await signedIn(browser)
    await page.goto("/?range=30d")
    for (const [name, leads] of [
      [/^Failures of/, /\/executions\?.*error_code=.*kind=real/],
      ["Linked agents over time", /\/identities\?.*kind=agent/],
      ["From delivery to record", /\/executions\?.*after=/],
      [/^From event to record of/, /\/deliveries\?.*after=/],
    ] as const) {
      const chart = page.getByRole("slider", { name }).first()
      await chart.focus()
      await expect.poll(() => chart.getAttribute("aria-valuetext")).toMatch(/\d/)
      await page.keyboard.press("Enter")
      await page.waitForURL(leads)
      await page.goBack()
      await chart.waitFor()
    }
    await page.locator(".flow-lines path").first().waitFor({ state: "attached" })
    await page.locator(".flow-col").nth(3).getByRole("link", { name: "Activities", exact: true }).waitFor()
    await page.getByRole("button", { name: "Table" }).click()
    for (const name of ["Failures by what was wrong", "What goes where", "Linked agents over time", "From delivery to record"])
      await expect.poll(() => page.getByRole("table", { name, exact: true }).count()).toBe(1)
    expect(await violations(page)).toEqual([])
    const runs = page.getByRole("table", { name: "What goes where" }).getByRole("link").first()
    const told = Number((await runs.innerText()).replace(/\D/g, ""))
    expect(told).toBeGreaterThan(0)
    await runs.press("Enter")
    await page.waitForURL(/\/executions\?.*source_id=.*processor_id=/)
    expect(complaints).toEqual([])
    await context.close()
  })

  it("shows what is usual and what is not", async () => {
    const { context, page } = await signedIn(browser, { theme: "dark" })
    await page.route("**/v1/home?*", async (route) => {
      const answer = await route.fetch()
      const body = await answer.json()
      const one = body.data.sources.find((s: { source: Made | null }) => s.source?.name === "Offers")
      one.band = one.deliveries.map(() => ({ low: 4, high: 9 }))
      one.usual = { low: 4, high: 9 }
      one.state = "silent"
      await route.fulfill({ response: answer, json: body })
    })
    await page.goto("/")
    await page.getByText("silent", { exact: true }).waitFor()
    await page.getByText(/1 of \d+ sources is not as usual/).waitFor()
    const offers = page.getByRole("slider", { name: /^Deliveries of Offers/ })
    await expect.poll(() => offers.getAttribute("aria-valuetext")).toContain("usual 4–9")
    await expect.poll(() => offers.locator(".chart-band").count()).toBe(1)
    await page.getByRole("button", { name: "Table" }).click()
    await page.getByText("usual 4–9").first().waitFor()
    expect(await violations(page)).toEqual([])
    await context.close()
  })

  it("lists what needs a person, each with the way to it", async () => {
    const { context, page } = await signedIn(browser)
    const name = `Incomplete ${unique()}`
    const provider = await send<Made & { api_key: string }>(context, "POST", "/v1/providers", { type: "webhooks", name })
    const source = await send<Made & { url: string }>(context, "POST", `/v1/providers/${provider.id}/sources`, {
      type: "webhook.payload",
      name: "In",
    })
    const processor = await send<Made>(context, "POST", "/v1/processors", { name, provider_id: provider.id, source_model: "webhook.payload" })
    const spec = (constants: string) =>
      `spec: 1\nsource_model: webhook.payload\nvar: event\n${constants}instructions:\n  - {type: upsert_agent_external_identity, external_id: =event.agent, external_name: =event.agent}\n`
    const save = (constants: string) => send(context, "PUT", `/v1/processors/${processor.id}/spec`, spec(constants), "application/yaml")
    await save("")
    await send(context, "POST", `/v1/processors/${processor.id}/enable`, {})
    await send(context, "PUT", `/v1/sources/${source.id}/processors`, [{ processor_id: processor.id, constants: {} }])
    await save("constants:\n  - {name: prefix, type: string}\n")
    const answer = await fetch(base() + new URL(source.url).pathname, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${provider.api_key}` },
      body: JSON.stringify({ agent: "7" }),
    })
    expect(answer.status).toBe(200)

    await page.goto("/?range=30d")
    const waits = page.getByRole("listitem").filter({ hasText: `for ${name}` })
    await waits.waitFor()
    await expect.poll(() => waits.innerText()).toContain("A link to a source lacks a constant.")
    await page
      .getByRole("listitem")
      .filter({ hasText: /\d+ executions? fails? the same way/ })
      .first()
      .waitFor()
    const unlinked = page.getByRole("listitem").filter({ hasText: /agents are not linked/ })
    await expect.poll(() => unlinked.innerText()).toContain("Their records count for nobody yet.")
    await waits.getByRole("link", { name: "Open the processor" }).press("Enter")
    await page.waitForURL(new RegExp(`/processors/${processor.id}\\?tab=sources`))
    await page.goBack()
    await page.getByRole("link", { name: "Open group" }).first().click()
    await page.waitForURL(/\/executions\?.*error_code=/)
    await context.close()
  })
})

describe("metrics", () => {
  it("are made by keyboard, with a type that is found by typing", async () => {
    const { context, page, complaints } = await signedIn(browser)
    await page.goto("/metrics?new=1")
    const name = `Planned ${unique()}`
    await page.getByRole("textbox", { name: /^Name/ }).fill(name)
    const find = page.getByRole("combobox", { name: "Only these types" })
    await find.focus()
    await page.keyboard.type("ment plan")
    await page.getByRole("option", { name: "Appointment planned" }).waitFor()
    await expect.poll(() => page.getByRole("option").count()).toBe(2) // and what was typed, as it is
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Escape") // the list stays open, to choose more
    await page.getByRole("button", { name: "Remove Appointment planned" }).waitFor()
    await expect.poll(() => find.inputValue()).toBe("")
    expect(await violations(page)).toEqual([])
    await page.keyboard.type("Not there yet")
    await page.getByRole("option", { name: "Take “Not there yet”" }).waitFor()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Escape")
    await page.getByRole("button", { name: "Remove Not there yet" }).press("Enter")
    await page.keyboard.press("Escape")
    await page.getByRole("button", { name: "Save" }).press("Enter")
    await page.getByRole("heading", { name, level: 1 }).waitFor()
    const id = new URL(page.url()).pathname.split("/").at(-1)
    const made = await data<{ definition: { types: string[] } }>(context, `/v1/metrics/${id}`)
    expect(made.definition.types).toEqual(["Appointment planned"])
    expect(complaints).toEqual([])
    await context.close()
  })

  it("count per agent over time, and a record whose type is overwritten leaves at once", async () => {
    const { context, page } = await signedIn(browser)
    const call = await door(context)
    const type = `Deal ${unique()}`
    const metric = (name: string, definition: object) => send<Made>(context, "POST", "/v1/metrics", { name, definition })
    const count = await metric(`Count ${type}`, { aggregate: "count", source: "activity", types: [type] })
    const worth = await metric(`Worth ${type}`, {
      aggregate: "sum",
      source: "activity",
      field: "value",
      types: [type],
      format: "currency",
      decimals: 2,
    })
    const each = await metric(`Each ${type}`, { aggregate: "ratio", over_id: worth.id, under_id: count.id, format: "percentage", decimals: 1 })
    const deal = { agent_id: `a ${type}`, agent_name: "Ann", moment: now() }
    await call("activity", { ...deal, id: 1, type, value: 10 })
    await call("activity", { ...deal, id: 2, type, value: 20.5 })

    await page.goto(`/metrics/${worth.id}?by=agent&days=7`)
    const values = page.getByRole("table", { name: "Values" })
    await values.waitFor()
    await expect.poll(() => page.locator(".big-number").innerText()).toBe("€ 30.50")
    await expect.poll(() => values.getByRole("columnheader").allInnerTexts()).toEqual(["From", "All", "not linked"])
    await page.getByText("2 records count for nobody: an external identity is not linked.").waitFor()
    expect(await violations(page)).toEqual([])
    await page.getByRole("button", { name: "Show the records" }).press("Enter")
    const behind = page.getByRole("table", { name: "Records behind the number" })
    await behind.getByRole("link", { name: "2", exact: true }).waitFor()
    await expect.poll(() => behind.locator("tbody tr").count()).toBe(2)

    await page.goto(`/metrics/${each.id}`)
    await page.getByText("1,525.0 %", { exact: true }).first().waitFor()

    // Euros are not added to pieces without a word.
    await call("activity", { ...deal, id: 3, type, value: 100, value_is_money: true })
    await page.goto(`/metrics/${worth.id}`)
    await page.getByText("This adds euros to what is no money: 1 of its values are money, 2 are not").waitFor()
    expect(await violations(page)).toEqual([])
    await page.getByRole("button", { name: "Choose which values" }).click()
    await page.getByRole("combobox", { name: "Which values" }).selectOption("only")
    await page.getByLabel("Name").fill(`Count ${type}`)
    await page.getByRole("button", { name: "Save" }).click()
    await page.getByText(`There is a metric “Count ${type}” already.`).first().waitFor()
    await page.getByLabel("Name").fill(`Worth ${type}`)
    await page.getByRole("button", { name: "Save" }).click()
    await page.locator(".big-number", { hasText: "€ 100.00" }).waitFor()
    await expect.poll(() => page.getByText("This adds euros").count()).toBe(0)
    await call("activity", { ...deal, id: 3, type: `${type} gone`, value: 100, value_is_money: true })

    await page.goto(`/metrics/${count.id}`)
    await page.locator(".big-number", { hasText: /^2$/ }).waitFor()
    await call("activity", { ...deal, id: 1, type: `${type} cancelled`, value: 10 })
    expect((await data<Values>(context, `/v1/metrics/${count.id}/values`)).all.total).toBe(1) // with the answer to the call
    await page.locator(".big-number", { hasText: /^1$/ }).waitFor() // by itself
    await page.getByRole("link", { name: "Link identities" }).press("Enter")
    await page.waitForURL(/\/identities\?kind=agent/)
    await page.goto(`/metrics/${each.id}`)
    await page.getByRole("button", { name: "Delete" }).press("Enter")
    await page.waitForURL(/\/metrics$/)
    await page
      .locator(".toast", { hasText: `Each ${type} is deleted` })
      .getByRole("button", { name: "Undo" })
      .press("Enter")
    await page.waitForURL(/\/metrics\/mtr_/)
    await page.getByRole("heading", { name: `Each ${type}`, level: 1 }).waitFor()
    await context.close()
  })

  it("show net and gross sales, and energy in kWh, m³ and connections", async () => {
    const { context, page } = await signedIn(browser, { locale: "nl-NL" })
    await page.goto("/metrics")
    const row = (name: string) => page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) })
    await row("Electricity sold")
      .getByText(/^[\d.]+ kWh$/)
      .waitFor()
    await row("Gas sold")
      .getByText(/^[\d.]+ m³$/)
      .waitFor()
    await row("Connections")
      .getByText(/connections$/)
      .waitFor()
    await row("Cancellations").getByText(/%$/).waitFor()
    const total = async (name: string) => Number((await row(name).locator(".num").innerText()).replace(/\D/g, ""))
    await expect.poll(() => total("Sales")).toBe((await total("Net sales")) + (await total("Cancelled sales")))
    await context.close()
  })
})

describe("events", () => {
  it("list, count and tell people when such a record appears", async () => {
    const { context, page, complaints } = await signedIn(browser)
    const call = await door(context)
    const type = `Big deal ${unique()}`
    await call("activity", { id: 0, type, agent_id: "b", agent_name: "Bob", moment: now(), value: 900 }) // before there is an event
    await page.goto("/events")
    await page.getByRole("button", { name: "New event" }).first().press("Enter")
    const form = page.getByRole("dialog", { name: "New event" })
    await form.getByRole("textbox", { name: /^Name/ }).fill(type)
    await form.getByRole("combobox", { name: "Only these types" }).focus()
    await page.keyboard.type(type)
    await page.getByRole("option", { name: type, exact: true }).waitFor()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Escape")
    await form.getByRole("button", { name: `Remove ${type}` }).waitFor()
    await form.getByRole("textbox", { name: "Least value" }).fill("500")
    await form.getByRole("button", { name: "Save" }).press("Enter")
    await form.waitFor({ state: "detached" })

    await call("activity", { id: 1, type, agent_id: "b", agent_name: "Bob", moment: now(), value: 499 })
    await call("activity", { id: 2, type, agent_id: "b", agent_name: "Bob", moment: now(), value: 500 })
    const [event] = (await data<(Made & { hits: number })[]>(context, "/v1/events?per_page=100")).filter((e) => e.name === type)
    await until("one record is noticed", async () => (await data<unknown[]>(context, `/v1/events/${event?.id}/records`)).length === 1)
    await page.goto(`/events?event=${event?.id}`)
    const table = page.getByRole("table", { name: type })
    await table.getByRole("link", { name: "2", exact: true }).waitFor()
    await expect.poll(() => page.getByRole("row").filter({ hasText: type }).first().innerText()).toMatch(/\t1\t/)
    expect(await violations(page)).toEqual([])
    await page.getByRole("button", { name: /^Notices/ }).click()
    const notices = page.getByRole("dialog", { name: "Notices" })
    await notices.getByText(type).first().waitFor()
    await notices.getByText("activity 2 · Bob · 500", { exact: false }).first().waitFor()
    expect(await notices.evaluate((is) => getComputedStyle(is).backgroundColor)).not.toMatch(/, 0\)$|transparent/)
    expect(await violations(page, { within: ".bell-list" })).toEqual([])
    await page.keyboard.press("Escape")
    await notices.waitFor({ state: "detached" })
    await page.getByRole("button", { name: "Delete" }).press("Enter")
    const sure = page.getByRole("alertdialog", { name: `Delete ${type}?` })
    await sure.getByText("Its list of 1 record", { exact: false }).waitFor()
    await sure.getByRole("button", { name: "Delete event" }).press("Enter")
    await page.getByText(`${type} is deleted; its records stay`).waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })
})

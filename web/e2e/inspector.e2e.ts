// The inspector of the Spec Builder: fields and nested expressions by keyboard, what is offered, what is put right.
import type { Browser, BrowserContext, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { violations } from "./axe"
import { base, data, launch, send, signedIn } from "./browser"

let browser: Browser
let made: { id: string }
let setting: Awaited<ReturnType<typeof signedIn>>

const spec = `spec: 1
source_model: webhook.payload
var: event
instructions:
  - type: upsert_agent_external_identity
    id: agent
    external_id: =event.agent
    return_as: agent
  - type: upsert_activity
    id: deal
    external_id: =concat("deal ", event.id)
    activity_type: Deal
    agent_external_identity: =agent
    moment: =parse_datetime(event.at)
  - type: for_each
    id: lines
    list: =event.lines
    item_var: line
    body:
      - type: upsert_activity
        id: line
        external_id: =concat(event.id, " | ", line.sku)
        activity_type: Line
        agent_external_identity: =agent
        moment: =parse_datetime(event.at)
`

// A processor of its own for each test, on a source that marks the customer's e-mail address and has had deliveries.
async function processor(context: BrowserContext, text = spec): Promise<{ id: string }> {
  const name = `Inspector ${process.pid}-${Date.now()}-${Math.random().toString(36).slice(2, 6)}`
  const provider = await send<{ id: string; api_key: string }>(context, "POST", "/v1/providers", { type: "webhooks", name })
  const source = await send<{ id: string; url: string }>(context, "POST", `/v1/providers/${provider.id}/sources`, { type: "webhook.payload", name })
  await send(context, "PUT", `/v1/sources/${source.id}/personal`, { marks: [{ path: "contact.email", kind: "email" }] })
  const of = await send<{ id: string }>(context, "POST", "/v1/processors", { name, provider_id: provider.id, source_model: "webhook.payload" })
  await send(context, "PUT", `/v1/processors/${of.id}/spec`, text, "application/yaml")
  await send(context, "POST", `/v1/processors/${of.id}/enable`, {})
  await send(context, "PUT", `/v1/sources/${source.id}/processors`, [{ processor_id: of.id, constants: {} }])
  for (const id of ["D-1", "D-2", "D-3"]) {
    const answer = await fetch(base() + new URL(source.url).pathname, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${provider.api_key}` },
      body: JSON.stringify({
        id,
        agent: "7",
        at: "2026-11-19 16:20:00",
        amount: "1.250,00",
        paid: 1250,
        contact: { email: "jan@example.test" },
        lines: [{ sku: "battery" }],
      }),
    })
    expect(answer.status).toBeLessThan(300)
  }
  return of
}

// step opens a step of the spec in the builder.
async function open(page: Page, id: string, step: string): Promise<void> {
  page.setDefaultTimeout(10_000)
  await page.goto(`/processors/${id}/spec?step=${step}`)
  if ((page.viewportSize()?.width ?? 0) < 800) {
    // In a narrow window the inspector is a sheet, which Enter opens.
    await page.locator("[data-steps]").focus()
    await page.keyboard.press("Enter")
  }
  await page.locator(`.insp-form [data-field]`).first().waitFor()
}

const field = (page: Page, name: string) => page.locator(`.insp-form [data-field="${name}"]`)
const whole = (page: Page, name: string) => field(page, name).locator("[data-path='[]']")
const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.tagName ?? "")

// formula is what a field holds, as text: read where a person would look at it, in the formula editor.
// written opens a slot as text. A change of its kind may take the focus a moment later, so it is asked for until it is there.
async function written(page: Page, name: string) {
  const box = field(page, name).locator("textarea")
  const open = async () => {
    if (await box.isVisible()) return true
    await whole(page, name).focus()
    await page.keyboard.press("=")
    return box.isVisible()
  }
  await expect.poll(open, { timeout: 20_000, interval: 300 }).toBe(true)
  return box
}

async function formula(page: Page, name: string): Promise<string> {
  const text = await (await written(page, name)).inputValue()
  await page.keyboard.press("Escape")
  return text
}

beforeAll(async () => {
  browser = await launch()
  setting = await signedIn(browser)
  made = await processor(setting.context)
})
afterAll(async () => {
  await setting.context.close()
  await browser.close()
})

describe("an expression by keyboard alone", () => {
  it("offers the values of the chosen entry while a step is to be filled in, and takes the page's keys from a formula", async () => {
    const { context, page } = await signedIn(browser)
    const p = await processor(context)
    await open(page, p.id, "agent")
    await page.locator(".scope").getByText("16:20").first().waitFor()
    await page.locator("[data-steps]").focus()
    await page.keyboard.press("a")
    await page.keyboard.type("upsert activity")
    await page.keyboard.press("Enter")
    await page.locator(".insp-form [data-field=external_id] .hole:focus").waitFor()
    await expect.poll(async () => (await page.locator(".drawer .is-old").count()) + (await page.locator(".probs.is-old").count())).toBe(0)
    await page.keyboard.type("$16:20")
    await page.getByRole("option").filter({ hasText: "event.at" }).first().waitFor()
    await page.keyboard.press("Escape")
    await page.getByRole("button", { name: /^Undo/ }).first().click()

    // Behind a dialog nothing is undone; a formula that is being typed is part of what is saved.
    await open(page, p.id, "deal")
    const kind = page.locator(".insp-form [data-field=activity_type]")
    await kind.locator("[data-path='[]']").fill("=upper(event.id)")
    await kind.locator("textarea").waitFor()
    await page.keyboard.press("Control+Shift+S")
    await page.getByRole("dialog", { name: "Save with a note" }).waitFor()
    await page.getByRole("button", { name: "Cancel" }).focus()
    await page.keyboard.press("Control+z")
    await page.keyboard.press("Control+Enter")
    await expect.poll(() => page.getByRole("dialog").count()).toBe(1)
    await page.keyboard.press("Escape")
    await expect.poll(() => kind.innerText()).toContain("upper")
    await context.close()
  })

  it("is wrapped, unwrapped, added to, moved about in and written as a formula", async () => {
    const { context, page, complaints } = await signedIn(browser)
    await open(page, made.id, "deal")
    const keys = page.keyboard
    await whole(page, "external_id").focus()
    await keys.press("Tab")
    await expect.poll(() => focused(page)).toContain("deal")
    await keys.press("Tab")
    await expect.poll(() => focused(page)).toMatch(/^variable event\.id/)
    await keys.press("(")
    await keys.type("lower")
    await keys.press("Enter")
    await expect.poll(() => focused(page)).toMatch(/^function lower/)
    await expect.poll(() => formula(page, "external_id")).toBe('=concat("deal ", lower(event.id))')

    await keys.press("ArrowRight")
    await keys.press("ArrowRight")
    await keys.press("Backspace") // unwraps
    await expect.poll(() => formula(page, "external_id")).toBe('=concat("deal ", event.id)')

    // After the last argument one more can be typed; Tab goes on to the next.
    await keys.press("ArrowRight")
    await keys.press("ArrowRight")
    await keys.press("ArrowRight")
    await keys.press("Enter")
    await keys.type(" | won")
    await keys.press("Tab")
    await keys.press("Escape")
    await expect.poll(() => formula(page, "external_id")).toBe('=concat("deal ", event.id, " | won")')
    await keys.press("ArrowRight")
    await keys.press("Alt+ArrowRight")
    await expect.poll(() => formula(page, "external_id")).toBe('=concat(event.id, "deal ", " | won")')

    // As text, with completion of functions and of paths, also of what a function calls its items.
    await keys.press("=")
    await keys.press("ControlOrMeta+a")
    await keys.type("=first(map(event.lines, line, line.s")
    await page
      .locator(".offer-pop")
      .getByRole("option", { name: /^line\.sku/ })
      .waitFor()
    await keys.press("Enter")
    await keys.type("))")
    await keys.press("Enter")
    await expect.poll(() => formula(page, "external_id")).toBe("=first(map(event.lines, line, line.sku))")
    await page
      .locator(".now-is", { hasText: "battery" })
      .first()
      .waitFor()
      .catch(() => undefined)
    expect(complaints).toEqual([])
    await context.close()
  })

  it("keeps a formula that cannot be read, says what is wrong, and mends what can be mended", async () => {
    const { context, page } = await signedIn(browser)
    const own = await processor(context)
    await open(page, own.id, "deal")
    const keys = page.keyboard
    await whole(page, "external_id").focus()
    await keys.press("=")
    await keys.press("ControlOrMeta+a")
    await keys.type("=concat(event.id, ")
    await keys.press("Escape") // whatever is offered
    await whole(page, "external_id").focus()
    await expect.poll(() => formula(page, "external_id")).toBe('=concat("deal ", event.id)')
    await keys.press("=")
    await keys.press("ControlOrMeta+a")
    await keys.type('=concat("a')
    await keys.press("Enter")
    await field(page, "external_id").getByRole("alert").waitFor() // it says so and stays open
    await keys.press("Enter") // and is kept as it was typed by whoever insists
    await expect.poll(() => field(page, "external_id").locator(".var.is-error").innerText()).toBe('=concat("a')

    // A name that is not there gets a fix, made by a key.
    await field(page, "external_id").locator("[data-path='[]']").focus()
    await keys.press("=")
    await keys.press("ControlOrMeta+a")
    await keys.type("=evemt.id")
    await keys.press("Enter")
    await field(page, "external_id").locator(".btn-fix", { hasText: "event" }).waitFor()
    await whole(page, "external_id").focus()
    await keys.press("ControlOrMeta+.")
    await expect.poll(() => formula(page, "external_id")).toBe("=event.id")
    await context.close()
  })
})

describe("the variable picker", () => {
  it("finds by name and by value, puts what fits first and converts what does not with one key", async () => {
    const { context, page } = await signedIn(browser)
    const own = await processor(context)
    await open(page, own.id, "deal")
    const keys = page.keyboard
    await page.locator("[data-adds=value]").click()
    await expect.poll(() => focused(page)).toMatch(/^Value, empty/)
    await keys.press("$")
    await page
      .locator(".offer-pop")
      .getByRole("option", { name: /^event\.paid/ })
      .waitFor()
    const offered = await page
      .locator(".offer-pop [role=option]")
      .evaluateAll((all) => all.map((o) => (o.getAttribute("aria-label") ?? "").split(",")[0]))
    expect(offered.indexOf("event.paid")).toBeLessThan(offered.indexOf("event.amount"))
    const refused = page.locator(".offer-pop [role=option][aria-disabled=true]")
    const why = await refused.evaluateAll((all) => all.map((o) => o.getAttribute("aria-label") ?? ""))
    expect(why.some((w) => w.startsWith("agent,") && w.includes("asked for"))).toBe(true)
    await keys.type("1.250") // its value
    await keys.press("Enter")
    await expect.poll(() => formula(page, "value")).toBe("=parse_number(event.amount)")

    // A personal value is never shown, and only its pseudonym goes where text goes.
    await page.locator("[data-adds=contact_key]").click()
    await keys.type("$email")
    const personal = page.locator(".offer-pop").getByRole("option", { name: /^event\.contact\.email/ })
    await expect.poll(() => personal.getAttribute("aria-label")).toContain("personal data")
    await keys.press("Enter")
    await expect.poll(() => formula(page, "contact_key")).toBe("=pseudonym(event.contact.email)")
    expect(await page.locator("body").innerText()).not.toContain("jan@example.test")
    await context.close()
  })

  it("knows the items of a loop, and the scope panel puts what is chosen in the field that had the focus", async () => {
    const { context, page } = await signedIn(browser)
    const own = await processor(context)
    await open(page, own.id, "line")
    const keys = page.keyboard
    await page.locator("[data-adds=contact_key]").click()
    await page.locator("#scope-search").focus()
    await keys.type("line.sku")
    await page.locator(".scope [role=option]").first().waitFor()
    await keys.press("Enter")
    await expect.poll(() => formula(page, "contact_key")).toBe("=line.sku")
    await context.close()
  })
})

describe("a field", () => {
  it("has the control of its type, and gets back what it held when its kind is changed to and fro", async () => {
    const { context, page } = await signedIn(browser)
    const own = await processor(context)
    await open(page, own.id, "deal")
    const keys = page.keyboard
    const kind = async (of: string, to: RegExp) => {
      await field(page, of)
        .getByRole("button", { name: /holds$/ })
        .click()
      await page.getByRole("menuitem", { name: to }).click()
    }
    await kind("moment", /^A value/)
    await page.getByLabel("Day").fill("2026-11-19")
    await page.getByLabel("Time", { exact: true }).fill("16:20")
    await page.getByLabel("Time zone").fill("UTC")
    await kind("moment", /^A function/)
    await expect.poll(() => formula(page, "moment")).toBe("=parse_datetime(event.at)")
    await kind("moment", /^A value/)
    await expect.poll(() => page.getByLabel("Day").inputValue()).toBe("2026-11-19")

    await page.locator("[data-adds=value_is_money]").click()
    await keys.type("y")
    await keys.press("Backspace")
    await keys.type("true")
    await keys.press("Enter")
    await expect.poll(() => field(page, "value_is_money").getByRole("radio", { name: "Yes" }).getAttribute("aria-checked")).toBe("true")

    // Undo takes back what was put in, one thing after the other.
    await field(page, "activity_type").locator("textarea").fill("Deal won")
    await page.getByRole("button", { name: /^Undo/ }).first().click()
    await expect.poll(() => field(page, "activity_type").locator("textarea").inputValue()).toBe("Deal")

    // "=" begins a formula also where a text is typed over; a second "=" makes it a text again.
    const type = field(page, "activity_type")
    await type.locator("textarea").click()
    await keys.press("ControlOrMeta+a")
    await keys.type('=concat("Order | ", event.id)')
    await keys.press("Enter")
    await expect.poll(() => formula(page, "activity_type")).toBe('=concat("Order | ", event.id)')
    await (await written(page, "activity_type")).fill("==sum")
    await keys.press("Enter")
    await expect.poll(() => type.locator("textarea").inputValue()).toBe("==sum")
    await page.getByText(/^Draft kept/).waitFor()
    const { draft } = await data<{ draft: { tree: { instructions: { activity_type?: unknown }[] } } }>(context, `/v1/processors/${own.id}/draft`)
    expect(draft.tree.instructions.map((i) => i.activity_type)).toContainEqual({ type: "literal", value: "=sum" })
    await type.locator("textarea").click()
    await keys.press("ControlOrMeta+a")
    await keys.type("$event.id")
    await keys.press("Enter")
    await expect.poll(() => formula(page, "activity_type")).toBe("=event.id")
    await context.close()
  })

  it("stays when the type of the step changes in place, and comes back with the type", async () => {
    const { context, page } = await signedIn(browser)
    const own = await processor(context)
    await open(page, own.id, "deal")
    const type = page.getByRole("combobox", { name: /^Type of step/ })
    await type.selectOption("upsert_sale")
    await expect.poll(() => formula(page, "external_id")).toBe('=concat("deal ", event.id)')
    await expect.poll(() => field(page, "sold_at").count()).toBe(1)
    await type.selectOption("if_else")
    await expect.poll(() => field(page, "then").count()).toBe(1)
    await type.selectOption("upsert_activity")
    await expect.poll(() => formula(page, "moment")).toBe("=parse_datetime(event.at)")
    await context.close()
  })

  it("is renamed with all that reads it", async () => {
    const { context, page } = await signedIn(browser)
    const own = await processor(context)
    await open(page, own.id, "agent")
    await whole(page, "external_id").focus()
    await page.keyboard.press("F2")
    await page.keyboard.type("seller")
    await page.keyboard.press("Enter")
    await page.goto(`/processors/${own.id}/spec?step=deal`)
    await field(page, "agent_external_identity")
      .getByRole("button", { name: /^variable seller/ })
      .waitFor()
    await context.close()
  })
})

describe("the inspector", () => {
  it("has nothing that an automated check of accessibility finds, light, dark and narrow, with a list open", async () => {
    for (const window of [{}, { theme: "dark" as const }, { width: 412, height: 800 }]) {
      const { context, page } = await signedIn(browser, window)
      await open(page, made.id, "deal")
      const check = async () => {
        expect(await violations(page, { within: ".insp" })).toEqual([])
      }
      await check()
      await whole(page, "external_id").focus()
      await page.keyboard.press("$")
      await page.locator(".offer-pop").waitFor()
      await check()
      const over = await page
        .locator(".insp")
        .first()
        .evaluate((e) => e.scrollWidth - e.clientWidth)
      expect(over).toBe(0)
      await context.close()
    }
  })

  it("shows what the step did, which tests come by it and which versions changed it", async () => {
    const { context, page } = await signedIn(browser)
    await open(page, made.id, "deal")
    await page.locator(".insp-tabs").getByRole("tab", { name: "History" }).click()
    await page.getByText("Version 1").waitFor()
    await page
      .locator(".insp-tabs")
      .getByRole("tab", { name: /^Tests/ })
      .click()
    await page.getByText("This spec has no tests yet").waitFor()
    await context.close()
  })
})

// The trace viewer: where a value comes from, what became of an id, and two runs on the same rows.
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

interface Run {
  id: string
  status: string
  delivery_id: string
}

const spec = (type: string) => `spec: 1
source_model: webhook.payload
var: event
instructions:
  - {id: who, type: upsert_agent_external_identity, external_id: =event.agent, external_name: =event.agent, return_as: agent}
  - {id: deal, type: upsert_activity, external_id: =event.id, activity_type: ${type}, agent_external_identity: =agent, moment: =parse_datetime(event.at), value: '=round(event.worth, 2)'}
  - id: each
    type: for_each
    list: =event.lines
    item_var: line
    body:
      - {id: added, type: upsert_activity, external_id: '=concat(event.id, " | ", line.sku)', activity_type: Add-on, agent_external_identity: =agent, moment: =parse_datetime(event.at), value: =parse_number(line.price)}
`

interface World {
  unique: string
  processor: Made
  deliver: (body: unknown) => Promise<Run>
}

let n = 0

// world is a processor of its own, on a source that runs what it is sent.
async function world(context: BrowserContext, text = spec("Deal")): Promise<World> {
  const unique = `${process.pid}${Date.now()}${++n}`
  const provider = await send<Made & { api_key: string }>(context, "POST", "/v1/providers", { type: "webhooks", name: `Trace ${unique}` })
  const source = await send<Made & { url: string }>(context, "POST", `/v1/providers/${provider.id}/sources`, {
    type: "webhook.payload",
    name: "Deals",
  })
  const processor = await send<Made>(context, "POST", "/v1/processors", {
    name: `Deals ${unique}`,
    provider_id: provider.id,
    source_model: "webhook.payload",
  })
  await send(context, "PUT", `/v1/processors/${processor.id}/spec`, text, "application/yaml")
  await send(context, "POST", `/v1/processors/${processor.id}/enable`, {})
  await send(context, "PUT", `/v1/sources/${source.id}/processors`, [{ processor_id: processor.id, constants: {} }])
  const known = new Set<string>()
  const deliver = async (body: unknown) => {
    const answer = await fetch(base() + new URL(source.url).pathname, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${provider.api_key}` },
      body: JSON.stringify(body),
    })
    expect(answer.status).toBe(200)
    for (;;) {
      const runs = await data<Run[]>(context, `/v1/executions?processor_id=${processor.id}`)
      const run = runs.find((r) => !known.has(r.id) && r.status !== "waiting" && r.status !== "running")
      if (run) {
        known.add(run.id)
        return run
      }
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  return { unique, processor, deliver }
}

const deal = (id: string, more: object = {}) => ({
  id,
  agent: "7",
  at: "2026-11-19 16:20:00",
  worth: 12.344,
  lines: [
    { sku: "a", price: "1" },
    { sku: "b", price: "2" },
  ],
  ...more,
})

describe("why", () => {
  it("leads from a field of a record to the place in the delivery, to the step, and back", async () => {
    const { context, page, complaints } = await signedIn(browser)
    const w = await world(context)
    const id = `deal-${w.unique}`
    const run = await w.deliver(deal(id))
    const [record] = await data<Made[]>(context, `/v1/activities?external_id=${id}`)
    await page.goto(`/records/activities/${record?.id}`)

    // By keyboard: to the field's link, and along it.
    const link = page.getByRole("link", { name: "Why Value", exact: true })
    await link.focus()
    await page.keyboard.press("Enter")
    await page.getByText("Value comes from event.worth").waitFor()
    const chain = page.getByRole("list", { name: "Where it comes from" })
    await expect.poll(() => chain.getByRole("link", { name: run.delivery_id }).count()).toBe(1)
    await expect.poll(() => chain.getByRole("list", { name: "Where it stands in what came in" }).innerText()).toContain("12.344")
    await expect.poll(() => chain.innerText()).toContain("round(event.worth, decimals=2)")
    expect(await violations(page)).toEqual([])

    await chain.getByRole("link", { name: "Open this step in the trace" }).click()
    await page.waitForURL(/\/executions\//)
    await page.locator('.row[aria-selected="true"]', { hasText: "Upsert activity" }).waitFor()
    const drawer = page.getByRole("region", { name: "Record changes" })
    await drawer.getByRole("link", { name: "Why Value", exact: true }).click()
    await page.getByText("Value comes from event.worth").waitFor()
    expect(page.url()).toContain(`/records/activities/${record?.id}/why`)
    expect(complaints).toEqual([])
    await context.close()
  })

  it("finds the step in the item of a loop that set a value", async () => {
    const { context, page } = await signedIn(browser)
    const w = await world(context)
    const id = `deal-${w.unique}`
    await w.deliver(deal(id))
    const [record] = await data<Made[]>(context, `/v1/activities?external_id=${encodeURIComponent(`${id} | b`)}`)
    await page.goto(`/records/activities/${record?.id}/why?field=value`)
    await page.getByText("Value comes from event.lines[1].price").waitFor()
    await page.getByRole("link", { name: "Open this step in the trace" }).click()
    await page.getByText("item 2 of 2").waitFor()
    await page.locator('.row[aria-selected="true"]', { hasText: "Upsert activity" }).waitFor()
    await context.close()
  })

  it("says what became of an id, from the palette and from a list that has no such record", async () => {
    const { context, page, complaints } = await signedIn(browser)
    const w = await world(context)
    const run = await w.deliver(deal(`deal-${w.unique}`, { lines: [{ sku: "x", price: "n.t.b." }] }))
    const missing = `deal-${w.unique} | x`
    await page.goto(`/activities?external_id=${encodeURIComponent(missing)}`)
    await page.getByRole("link", { name: "Why is it not there?" }).click()
    const reason = page.getByRole("link", { name: "Trace added" }).first()
    await reason.waitFor()
    expect(await violations(page)).toEqual([])
    await reason.click()
    await page.waitForURL(new RegExp(`/executions/${run.id}`))
    await page.getByText("item 1 of 1").waitFor()

    await page.keyboard.press("Control+k")
    await page.getByRole("combobox", { name: "Page, name or any id" }).waitFor()
    await page.keyboard.type(`never-${w.unique}`)
    const option = page.getByRole("option", { name: `Why is never-${w.unique} not there?` })
    await option.waitFor()
    await option.click()
    await page.getByText(/was never received/).waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })
})

describe("the list that one came from", () => {
  it("is gone through by J and K", async () => {
    const { context, page, complaints } = await signedIn(browser)
    const w = await world(context)
    const older = await w.deliver(deal(`deal-${w.unique}-1`))
    const newer = await w.deliver(deal(`deal-${w.unique}-2`))
    await page.goto(`/executions?processor_id=${w.processor.id}`)
    await page.getByText(newer.id).first().waitFor()
    await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    await page.getByRole("heading", { name: newer.id }).waitFor()
    expect(new URL(page.url()).searchParams.get("list")).toBe(`processor_id=${w.processor.id}`)
    const next = page.getByRole("button", { name: "Next execution of the list (J)" })
    await page.waitForFunction(() => document.querySelector('button[aria-label^="Next execution"]:not([disabled])'))
    await page.keyboard.press("j")
    await page.getByRole("heading", { name: older.id }).waitFor()
    await expect.poll(() => next.isDisabled()).toBe(true)
    await page.reload() // the address is enough
    await page.waitForFunction(() => document.querySelector('button[aria-label^="Previous execution"]:not([disabled])'))
    await page.keyboard.press("k")
    await page.getByRole("heading", { name: newer.id }).waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })
})

describe("a loop", () => {
  it("is walked through with failures first", async () => {
    const { context, page } = await signedIn(browser)
    const w = await world(context)
    const lines = Array.from({ length: 9 }, (_, i) => ({ sku: `l${i}`, price: i === 4 || i === 7 ? "n.t.b." : "1" }))
    const run = await w.deliver(deal(`deal-${w.unique}`, { lines }))
    expect(run.status).toBe("partial")
    await page.goto(`/executions/${run.id}`)
    const at = (n: number) => page.getByText(`item ${n} of 9`).waitFor()
    await at(5)
    await page.keyboard.press(".")
    await at(8)
    await page.keyboard.press(".")
    await at(1)
    await page.keyboard.press(",")
    await at(8)
    await page.keyboard.press("f")
    await page.getByRole("button", { name: "Failed only", pressed: true }).waitFor()
    await page.keyboard.press(".")
    await at(8) // there is no other
    await page.keyboard.press(",")
    await at(5)
    await context.close()
  })
})

describe("the trace of an older version", () => {
  it("says which steps the live spec no longer has, and which were changed", async () => {
    const { context, page, complaints } = await signedIn(browser)
    const w = await world(context)
    const run = await w.deliver(deal(`deal-${w.unique}`))
    const shorter = spec("Contract").split("  - id: each")[0]
    await send(context, "PUT", `/v1/processors/${w.processor.id}/spec`, shorter, "application/yaml")
    await page.goto(`/executions/${run.id}?step=deal`)
    await page.getByText("It ran on v1; v2 is live. Since then: 2 steps are no longer there, 1 was changed.").waitFor()
    const inspector = page.getByRole("region", { name: "Step", exact: true })
    expect((await inspector.locator(".since").innerText()).replace(/\s+/g, " ")).toContain("Deal Contract")
    const gone = page.locator(".row.ghost", { hasText: "For each" })
    await expect.poll(() => gone.getByRole("img", { name: "the live spec no longer has this step" }).count()).toBe(1)
    await gone.click()
    await expect.poll(() => inspector.innerText()).toContain("The live spec no longer has this step.")
    await expect.poll(() => inspector.getByRole("link", { name: "Open in builder" }).count()).toBe(0)
    expect(await violations(page)).toEqual([])
    await page.getByRole("link", { name: "View v1" }).click()
    await page.getByText("activity_type: Deal").waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })
})

describe("two executions", () => {
  it("stand on the same rows, at the first difference, and each difference is a key away", async () => {
    const { context, page, complaints } = await signedIn(browser)
    const w = await world(context)
    const good = await w.deliver(deal(`deal-${w.unique}-1`))
    const bad = await w.deliver(
      deal(`deal-${w.unique}-1`, {
        lines: [
          { sku: "a", price: "1" },
          { sku: "b", price: "many" },
        ],
      }),
    )
    await page.goto(`/executions/${good.id}`)
    await page.getByRole("button", { name: "Compare with…" }).click()
    const dialog = page.getByRole("dialog", { name: "Compare with another execution" })
    await dialog.getByText("It ran once on this delivery.").waitFor()
    await dialog.getByRole("button", { name: new RegExp(bad.id) }).press("Enter")
    await page.waitForURL(new RegExp(`with=${bad.id}`))
    await page.getByRole("status").filter({ hasText: "otherwise" }).waitFor()
    const selected = page.locator('.row[aria-selected="true"]')
    await selected.getByRole("img", { name: "went otherwise" }).waitFor()
    const both = page.getByRole("table", { name: "Both runs" })
    await both.waitFor()
    await page.getByRole("button", { name: "Next difference" }).press("Enter")
    await page.waitForURL(/at=/)
    expect(await violations(page)).toEqual([])
    await page.getByRole("button", { name: "The other way round" }).click()
    await page.getByRole("heading", { name: bad.id }).waitFor()
    expect(new URL(page.url()).searchParams.get("with")).toBe(good.id)
    expect(complaints).toEqual([])
    await context.close()
  })
})

describe("from a trace", () => {
  it("an execution becomes a test, and the draft is run dry", async () => {
    const { context, page, complaints } = await signedIn(browser)
    const w = await world(context)
    const run = await w.deliver(deal(`deal-${w.unique}`))
    await page.goto(`/executions/${run.id}`)
    const more = async (name: string) => {
      await page.getByRole("button", { name: "More", exact: true }).click()
      await page.getByRole("menuitem", { name }).click()
    }
    await more("Add as test…")
    const dialog = page.getByRole("dialog", { name: "Add as test" })
    await dialog.getByRole("textbox", { name: "Name of the test" }).fill("As it was")
    await dialog.getByRole("button", { name: "Add test" }).click()
    await page.getByText("The test is added to the spec").waitFor()
    const saved = await data<{ text: string; version: number }>(context, `/v1/processors/${w.processor.id}/spec`)
    expect(saved.text).toContain("As it was")
    await page.getByText("They do the same.").waitFor()

    await send(context, "PUT", `/v1/processors/${w.processor.id}/draft?base_version=${saved.version}`, spec("Draft"), "application/yaml")
    await page.reload()
    await more("Dry run on my draft")
    await page.getByText("Nothing was written.").waitFor()
    await page.getByRole("tab", { name: "draft" }).waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })
})

describe("a long trace", () => {
  it("of a spec of 1,000 steps and a loop of 500 items opens at what failed, and its other items come when they are asked for", async () => {
    const { context, page, complaints } = await signedIn(browser)
    const variables = (n: number, indent: string, value: (i: number) => string) =>
      Array.from(
        { length: n },
        (_, i) => `${indent}- {id: ${value(i)[0]}${i}, type: define_variable, return_as: ${value(i)[0]}${i}, value: '=${value(i).slice(2)}'}\n`,
      ).join("")
    const [head, body] = spec("Deal").split("    body:\n") as [string, string]
    const long = `${head}    body:\n${variables(9, "      ", (i) => `m multiply(line.weight, ${i})`)}${body}${variables(986, "  ", (i) => `n sum(event.worth, ${i})`)}`
    const w = await world(context, long)
    const lines = Array.from({ length: 500 }, (_, i) => ({ sku: `l${i}`, weight: i, price: i === 299 ? "n.t.b." : "1" }))
    const run = await w.deliver(deal(`deal-${w.unique}`, { lines }))
    expect(run.status).toBe("partial")

    // The code of the page is there already: what is measured is from the click to the rows.
    const other = await data<Run[]>(context, "/v1/executions?per_page=1&status=succeeded")
    await page.goto(`/executions/${other[0]?.id}`)
    await page.getByRole("tree", { name: "Steps" }).waitFor()
    await page.goto(`/executions?processor_id=${w.processor.id}`)
    await page.getByText(run.id).first().waitFor()
    const took = await page.evaluate(
      (id) =>
        new Promise<number>((resolve) => {
          const from = performance.now()
          const look = () =>
            document.querySelector('.row[aria-selected="true"]') ? setTimeout(() => resolve(performance.now() - from)) : requestAnimationFrame(look)
          document.querySelector<HTMLElement>(`a[href^="/executions/${id}"]`)?.click()
          look()
        }),
      run.id,
    )
    console.log(`the trace of 1,000 steps and 500 items opened in ${Math.round(took)} ms`)

    await page.getByText("item 300 of 500").waitFor()
    await expect.poll(() => page.locator(".row").count()).toBeLessThan(100)
    await page.keyboard.press(".")
    await page.getByText("item 1 of 500").waitFor()
    await page.locator('.row[aria-selected="true"]', { hasText: "Upsert activity" }).waitFor()
    expect(new URL(page.url()).searchParams.get("at")).toBe("each[0]/added")
    const changes = page.getByRole("region", { name: "Record changes" })
    await expect.poll(() => changes.locator(".count").innerText()).toBe("502")
    await page.goto(`/executions/${run.id}?step=added&items=412`)
    await page.getByText("item 412 of 500").waitFor()

    // To the last step by one key, which was not drawn before.
    await page.locator('.row[aria-selected="true"]').focus()
    await page.keyboard.press("End")
    await page.locator('.row[aria-selected="true"]', { hasText: "n985" }).waitFor()
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toContain("n985")
    expect(await violations(page)).toEqual([])
    expect(complaints).toEqual([])
    await context.close()
  })
})

describe("a trace that leaves the screen", () => {
  it("is exported whole, and printed with all its rows", async () => {
    const { context, page } = await signedIn(browser)
    const w = await world(context)
    const lines = Array.from({ length: 200 }, (_, i) => ({ sku: `l${i}`, price: "1" }))
    const run = await w.deliver(deal(`deal-${w.unique}`, { lines }))
    await page.goto(`/executions/${run.id}`)
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      (async () => {
        await page.getByRole("button", { name: "More", exact: true }).click()
        await page.getByRole("menuitem", { name: "Export as JSON" }).click()
      })(),
    ])
    expect(file.suggestedFilename()).toBe(`${run.id}.trace.json`)
    let text = ""
    for await (const part of await file.createReadStream()) text += part
    const whole = JSON.parse(text) as { data: { steps: { items?: { steps: unknown[] }[] }[] } }
    expect(whole.data.steps.at(-1)?.items?.map((i) => i.steps.length)).toEqual(Array(200).fill(1))

    const changes = page.getByRole("listbox", { name: "Records" }).getByRole("option")
    await expect.poll(() => changes.count()).toBeLessThan(150)
    await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")))
    await page.emulateMedia({ media: "print" })
    await expect.poll(() => changes.count()).toBe(202)
    await expect.poll(() => page.getByRole("button", { name: "Run again…" }).isVisible()).toBe(false)
    await page.getByText(`${base()}/executions/${run.id}`).waitFor() // what it is, where, and the whole date
    await context.close()
  })
})

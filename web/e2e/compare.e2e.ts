// Compare: a draft held against the live version over what came in, before it is saved.
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

const spec = (type: string, value: string) => `spec: 1
source_model: webhook.payload
var: event
instructions:
  - {id: who, type: upsert_agent_external_identity, external_id: =event.agent, external_name: =event.agent, return_as: agent}
  - {id: deal, type: upsert_activity, external_id: =event.id, activity_type: ${type}, agent_external_identity: =agent, moment: =parse_datetime(event.at), value: =event.${value}}
`

// How long a save waits for the comparison is told by the clock, which says nothing of a slow machine: it has all the time,
// or none.
const unhurried = () => {
  AbortSignal.timeout = () => new AbortController().signal
}
const hurried = () => {
  AbortSignal.timeout = () => AbortSignal.abort()
}

let n = 0

// compared is a processor that ran on three deliveries, and a draft of it that fails on one and changes another.
async function compared(context: BrowserContext, type = "Deal"): Promise<Made> {
  const unique = `${process.pid}-${Date.now()}-${++n}`
  const provider = await send<Made & { api_key: string }>(context, "POST", "/v1/providers", { type: "webhooks", name: `Compare ${unique}` })
  const source = await send<Made & { url: string }>(context, "POST", `/v1/providers/${provider.id}/sources`, {
    type: "webhook.payload",
    name: "Deals",
  })
  const processor = await send<Made>(context, "POST", "/v1/processors", {
    name: `Deals ${unique}`,
    provider_id: provider.id,
    source_model: "webhook.payload",
  })
  await send(context, "PUT", `/v1/processors/${processor.id}/spec`, spec(type, "worth"), "application/yaml")
  await send(context, "POST", `/v1/processors/${processor.id}/enable`, {})
  await send(context, "PUT", `/v1/sources/${source.id}/processors`, [{ processor_id: processor.id, constants: {} }])
  for (const [id, cost] of [
    [1, "many"],
    [2, 20],
    [3, 10],
  ]) {
    const answer = await fetch(base() + new URL(source.url).pathname, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${provider.api_key}` },
      body: JSON.stringify({ id, agent: "7", at: "2026-11-19 16:20:00", worth: 10, cost }),
    })
    expect(answer.status).toBe(200)
  }
  for (;;) {
    const runs = await data<{ status: string }[]>(context, `/v1/executions?processor_id=${processor.id}`)
    if (runs.length === 3 && runs.every((r) => r.status === "succeeded")) break
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  await send(context, "PUT", `/v1/processors/${processor.id}/draft?base_version=1`, spec(type, "cost"), "application/yaml")
  return processor
}

describe("compare", () => {
  it("says in one sentence what a draft does, with what fails first, and opens examples under both specs", async () => {
    const { context, page, complaints } = await signedIn(browser)
    const p = await compared(context)
    await page.goto(`/processors/${p.id}/compare`)
    await page.getByText("2 of 3 deliveries come out differently").waitFor()
    await page.getByText("1 that succeeds today would fail.").waitFor()
    const rows = page.getByRole("table", { name: "By kind of change" }).locator("tbody tr")
    await expect.poll(() => rows.count()).toBe(2)
    await expect.poll(() => rows.first().innerText()).toContain("now fails")
    await expect.poll(() => rows.nth(1).innerText()).toContain("number changed")

    // By keyboard: Enter opens the first kind, j goes to the next.
    await rows.first().focus()
    await page.keyboard.press("Enter")
    const example = page.getByRole("region", { name: "Example" })
    await example.getByRole("table", { name: "Both runs" }).waitFor()
    await expect.poll(() => example.innerText()).toContain('"many" is text')
    await page.keyboard.press("j")
    await example.getByText("number changed").waitFor()
    expect(new URL(page.url()).searchParams.get("kind")).toContain("value")
    const both = example.getByRole("row", { name: /^value / })
    await both.waitFor()
    expect((await both.innerText()).replace(/\s+/g, " ")).toBe("value 10 20")

    expect(await violations(page)).toEqual([])

    // Both traces: the viewer stands at the first difference, under the draft and under the live version.
    await example.getByRole("link", { name: "Open both traces" }).click()
    await page.getByRole("tab", { name: "draft" }).waitFor()
    const fields = page.getByRole("group", { name: "Fields" })
    await fields.getByText("20", { exact: true }).first().waitFor()
    await page.getByRole("tab", { name: "live v1" }).click()
    await fields.getByText("10", { exact: true }).first().waitFor()
    expect(await violations(page)).toEqual([])
    expect(complaints).toEqual([])
    await context.close()
  })

  it("says which metrics would move, by how much and for whom, and leads to their records", async () => {
    const { context, page, complaints } = await signedIn(browser)
    const type = `Deal ${process.pid}-${Date.now()}`
    const count = { aggregate: "count", source: "activity", types: [type] }
    const worth = { aggregate: "sum", source: "activity", field: "value", types: [type], format: "currency" }
    const [deals, value] = await Promise.all([
      send<Made>(context, "POST", "/v1/metrics", { name: `Number of ${type}`, definition: count }),
      send<Made>(context, "POST", "/v1/metrics", { name: `Worth of ${type}`, definition: worth }),
    ])
    await send(context, "POST", "/v1/metrics", {
      name: `Each ${type}`,
      definition: { aggregate: "ratio", over_id: value.id, under_id: deals.id, decimals: 2 },
    })
    const p = await compared(context, type)
    await page.goto(`/processors/${p.id}/compare`)
    const table = page.getByRole("table", { name: "What it would do to metrics" })
    await table.waitFor()
    const rows = (await table.getByRole("row").allInnerTexts()).map((r) => r.replace(/\s+/g, " ").trim())
    // Of three deals of 10 one fails, one becomes 20 and one stays 10: their worth in all stays. Nobody is linked to them.
    expect(rows).toEqual([
      "Metric For Now With draft Difference",
      `Each ${type} everybody 10.00 15.00 + 5.00`,
      "not linked 10.00 15.00 + 5.00",
      `Number of ${type} everybody 3 2 − 1`,
      "not linked 3 2 − 1",
    ])
    expect(await violations(page)).toEqual([])
    await table.getByRole("link", { name: `Number of ${type}` }).focus()
    await page.keyboard.press("Enter")
    const behind = page.getByRole("table", { name: "Records behind the number" })
    await behind.getByRole("link", { name: "3", exact: true }).waitFor()
    await expect.poll(() => behind.locator("tbody tr").count()).toBe(3)
    expect(complaints).toEqual([])
    await context.close()
  })

  it("asks to type what fails before it saves, and then the draft is live", async () => {
    const { context, page } = await signedIn(browser)
    const p = await compared(context)
    await page.goto(`/processors/${p.id}/compare`)
    await page.getByRole("button", { name: "Save anyway…" }).click()
    const save = page.getByRole("alertdialog").or(page.getByRole("dialog")).getByRole("button", { name: "Save anyway" })
    await expect.poll(() => save.isDisabled()).toBe(true)
    await page.getByRole("textbox", { name: /Type “now fails”/ }).fill("now fails")
    await page.keyboard.press("Enter")
    await page.getByText("Version 2 is live").waitFor()
    expect((await data<{ draft: unknown }>(context, `/v1/processors/${p.id}/draft`)).draft).toBeNull()
    expect((await data<{ version: number }>(context, `/v1/processors/${p.id}`)).version).toBe(2)
    await context.close()
  })

  it("asks the same of a save in the builder, keeps the draft, and leads to the comparison", async () => {
    const { context, page, complaints } = await signedIn(browser)
    await page.addInitScript(unhurried)
    const p = await compared(context)
    const dialog = page.getByRole("dialog")
    await page.goto(`/processors/${p.id}/spec`)
    await page.getByRole("tree", { name: "Steps" }).waitFor()
    await page.keyboard.press("Control+s")
    await dialog.getByText("1 delivery fails with it that does not today.").waitFor()
    expect(await violations(page)).toEqual([])
    expect((await data<{ version: number }>(context, `/v1/processors/${p.id}`)).version).toBe(1)
    await dialog.getByRole("button", { name: "Compare" }).click()
    await page.getByText("1 that succeeds today would fail.").waitFor()
    await page.goBack()
    await page.getByRole("tree", { name: "Steps" }).waitFor()
    // With a note, which goes with it.
    await page.keyboard.press("Control+Shift+s")
    await dialog.getByLabel("Note").fill("by cost")
    await page.keyboard.press("Enter")
    await dialog.getByLabel(/Type “now fails”/).fill("now fails")
    await page.keyboard.press("Enter")
    await page.getByText("Saved as version 2").waitFor()
    const [newest] = await data<{ version: number; note: string }[]>(context, `/v1/processors/${p.id}/versions`)
    expect(newest).toMatchObject({ version: 2, note: "by cost" })

    // Back to version 1, under which nothing fails that does not now; and version 2 again is asked about as a save is.
    await page.getByRole("tab", { name: "History" }).click()
    const versions = page.getByRole("table", { name: "Versions" })
    const restore = page.getByRole("button", { name: "Restore as a new version" })
    await versions.getByText("v1", { exact: true }).click()
    await restore.click()
    await page.getByText("Version 1 is back as version 3").waitFor()
    await versions.getByText("v2", { exact: true }).click()
    await restore.click()
    await dialog.getByText("1 delivery fails with it that does not today.").waitFor()
    await dialog.getByText("It was tried on the last 3 deliveries").waitFor()
    expect((await data<{ version: number }>(context, `/v1/processors/${p.id}`)).version).toBe(3)
    await dialog.getByLabel(/Type “now fails”/).fill("now fails")
    await page.keyboard.press("Enter")
    await page.getByText("Version 2 is back as version 4").waitFor()
    await page.getByRole("status").filter({ hasText: "Version 2 is back" }).getByRole("button", { name: "Undo" }).click()
    await page.getByText("Version 3 is back as version 5").waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })

  it("says of a save that it was not tried for want of time, and which deliveries wait with it", async () => {
    const { context, page } = await signedIn(browser)
    await page.addInitScript(hurried)
    const p = await compared(context)
    const { draft } = await data<{ draft: { revision: number } }>(context, `/v1/processors/${p.id}/draft`)
    const front = spec("Deal", "worth")
      .replace("instructions:", "constants:\n  - {name: front, type: string}\ninstructions:")
      .replace(": =event.id", ": '=concat(front, event.id)'")
    await send(context, "PUT", `/v1/processors/${p.id}/draft?base_version=1&revision=${draft.revision}`, front, "application/yaml")
    await page.goto(`/processors/${p.id}/spec`)
    await page.getByRole("tree", { name: "Steps" }).waitFor()
    await page.keyboard.press("Control+s")
    const said = page.getByRole("status").filter({ hasText: "Saved as version 2." })
    await said.getByText("It was not tried on earlier deliveries first").waitFor()
    await page.getByRole("link", { name: "1 link incomplete" }).waitFor()
    await said.getByRole("link", { name: "Fill it in" }).click()
    await page.getByRole("row", { name: /Deals/ }).getByText("incomplete").waitFor()
    await context.close()
  })

  it("narrows to what is asked for, keeps that in the URL, and adds an example as a test of the spec", async () => {
    const { context, page } = await signedIn(browser)
    const p = await compared(context)
    await page.goto(`/processors/${p.id}/compare?failing=1`)
    await page.getByText("No delivery could be tried").waitFor()
    await page.getByRole("button", { name: "Only failing" }).click()
    await page.getByText("2 of 3 deliveries come out differently").waitFor()
    await page.getByRole("table", { name: "By kind of change" }).getByRole("row").nth(2).click()
    await page.getByRole("button", { name: "Choose as test" }).click()
    await page.getByRole("button", { name: "Add 1 example as test" }).click()
    await page.getByText("1 test added").waitFor()
    const { draft } = await data<{ draft: { revision: number; tree: { tests: unknown[] } } }>(context, `/v1/processors/${p.id}/draft`)
    expect(draft.tree.tests.length).toBe(1)
    const toldApart = page.getByLabel("told apart by")
    await expect.poll(() => toldApart.getAttribute("placeholder")).toBe("id")
    await toldApart.fill("agent")
    await toldApart.press("Enter")
    await expect.poll(() => new URL(page.url()).searchParams.get("identified_by")).toBe("agent")
    await page.getByText("2 of 3 deliveries come out differently").waitFor()

    // Another external id for what is there: said in one sentence, with the way to keep the history.
    const renamed = spec("Deal", "worth").replace("external_id: =event.id", "external_id: '=concat(\"d \", event.id)'")
    await send(context, "PUT", `/v1/processors/${p.id}/draft?base_version=1&revision=${draft.revision}`, renamed, "application/yaml")
    await page.setViewportSize({ width: 1024, height: 800 })
    await page.reload()
    await page.getByText("once this is saved, a re-key gives these the new id").waitFor()
    await page.getByText(`dealwright processor re-key ${p.id} --preview`).waitFor()
    await page.getByText("No metric would move.").waitFor()
    // The example can be read where there is no room for a column of it.
    const example = page.getByRole("table", { name: "By kind of change" }).locator(".under-box code").first()
    await expect.poll(() => example.innerText()).toMatch(/^d [123]$/)
    await context.close()
  })

  it("tells progress and can be cancelled", async () => {
    const { context, page } = await signedIn(browser)
    const p = await compared(context)
    await page.route("**/backtest", () => {}) // an answer that does not come
    await page.goto(`/processors/${p.id}/compare`)
    await page.getByRole("progressbar", { name: "Progress" }).waitFor()
    await page.getByRole("button", { name: "Cancel" }).click()
    await page.getByRole("heading", { name: "Stopped" }).waitFor()
    await page.unroute("**/backtest")
    await page.getByRole("button", { name: "Run it after all" }).click()
    await page.getByText("2 of 3 deliveries come out differently").waitFor()
    await context.close()
  })
})

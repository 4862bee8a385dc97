// The page of a record: units, locks, why, the history of a field, the undo of one change; and the ways to lists that are
// narrowed to what counts for somebody.
import type { Browser, BrowserContext } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { violations } from "./axe"
import { base, data, launch, send, signedIn } from "./browser"

let browser: Browser
beforeAll(async () => {
  browser = await launch()
})
afterAll(() => browser.close())

const spec = `spec: 1
source_model: webhook.payload
var: event
instructions:
  - type: upsert_agent_external_identity
    external_id: =event.agent
    return_as: agent
  - type: upsert_proposition_external_identity
    external_id: =event.product
    return_as: product
  - type: upsert_sale
    external_id: =event.id
    agent_external_identity: =agent
    proposition_external_identity: =product
    sold_at: =parse_datetime(event.at)
    contract_value: =event.value
    energy_meta:
      electricity_usage: 3200
      gas_usage: 1450.5
      connection_count: 1
    return_as: sale
  - type: lock_record_field
    record: =sale
    field: energy_meta.gas_usage
`

interface Made {
  id: string
}

// sold makes a provider of its own with a sale that was changed once.
async function sold(context: BrowserContext) {
  const of = Math.random().toString(36).slice(2, 8)
  const provider = await send<{ id: string; api_key: string }>(context, "POST", "/v1/providers", { type: "webhooks", name: `Energy ${of}` })
  const source = await send<{ id: string; url: string }>(context, "POST", `/v1/providers/${provider.id}/sources`, {
    type: "webhook.payload",
    name: "Sales",
  })
  const processor = await send<Made>(context, "POST", "/v1/processors", {
    name: `Energy ${of}`,
    provider_id: provider.id,
    source_model: "webhook.payload",
  })
  await send(context, "PUT", `/v1/processors/${processor.id}/spec`, spec, "application/yaml")
  await send(context, "POST", `/v1/processors/${processor.id}/enable`, {})
  await send(context, "PUT", `/v1/sources/${source.id}/processors`, [{ processor_id: processor.id, constants: {} }])
  for (const value of [100, 250.5]) {
    const answer = await fetch(base() + new URL(source.url).pathname, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${provider.api_key}` },
      body: JSON.stringify({ id: `sale-${of}`, agent: `agent-${of}`, product: `product-${of}`, at: "2026-11-19 16:20:00", value }),
    })
    expect(answer.status).toBeLessThan(300)
  }
  const [sale] = await data<Made[]>(context, `/v1/sales?external_id=sale-${of}`)
  return { of, provider: provider.id, sale: sale?.id ?? "" }
}

const value = async (context: BrowserContext, sale: string) => (await data<{ contract_value: number }>(context, `/v1/sales/${sale}`)).contract_value

describe("the page of a record", () => {
  it("shows each field in its unit, with its lock, why it is so, and what happened to it", async () => {
    const { context, page, complaints } = await signedIn(browser)
    const { sale } = await sold(context)
    await page.goto(`/records/sales/${sale}`)
    const fields = page.getByRole("table", { name: "Fields", exact: true })
    const row = (name: string) => fields.getByRole("row").filter({ has: page.getByRole("rowheader", { name, exact: true }) })
    await row("Electricity used").getByText("3,200 kWh").waitFor()
    await row("Gas used").getByText("1,450.5 m³").waitFor()
    await row("Connections").getByText("1 connection", { exact: true }).waitFor()
    await row("Contract value").getByText("€ 250.50").waitFor()
    await row("Gas used").getByText("locked", { exact: true }).waitFor()
    expect(await violations(page)).toEqual([])

    // The lock is taken away by keyboard, after the page has said what that means.
    await row("Gas used").getByRole("button", { name: "Unlock Gas used…" }).focus()
    await page.keyboard.press("Enter")
    await page.getByRole("dialog", { name: "Unlock Gas used" }).getByRole("button", { name: "Unlock", exact: true }).focus()
    await page.keyboard.press("Enter")
    await row("Gas used").getByText("locked", { exact: true }).waitFor({ state: "detached" })
    expect((await data<{ locked: string[] }>(context, `/v1/sales/${sale}`)).locked).toEqual([])

    // The history of one field stands in the address.
    await row("Contract value").getByRole("button", { name: "History of Contract value" }).click()
    await page.waitForURL(/field=contract_value/)
    await page.reload()
    const changed = page.getByRole("table", { name: "Fields that changed" })
    await changed.getByText("€ 100.00").waitFor()
    await expect.poll(() => changed.count()).toBe(1)

    await row("Gas used").getByRole("link", { name: "Why Gas used" }).click()
    await page.waitForURL(new RegExp(`/records/sales/${sale}/why\\?field=energy_meta\\.gas_usage`))
    expect(complaints).toEqual([])
    await context.close()
  })

  it("takes one change back after showing what that does, and puts it back", async () => {
    const { context, page, complaints } = await signedIn(browser)
    const { sale } = await sold(context)
    await page.goto(`/records/sales/${sale}`)
    await page.locator(".history").getByRole("button", { name: "Undo…" }).first().click()
    const dialog = page.getByRole("dialog", { name: "Undo this change" })
    await dialog.getByText("€ 250.50").waitFor()
    await dialog.getByText("€ 100.00").waitFor()
    await expect.poll(() => value(context, sale)).toBe(250.5)
    await dialog.getByRole("button", { name: "Undo", exact: true }).click()
    await expect.poll(() => value(context, sale)).toBe(100)
    await page.getByRole("table", { name: "Fields", exact: true }).getByText("€ 100.00").waitFor()
    await page.getByRole("button", { name: "Undo", exact: true }).click() // of the notice
    await expect.poll(() => value(context, sale)).toBe(250.5)

    // The undo can be undone from the history as well, when its notice is long gone; what is undone is not offered again.
    await page.reload()
    const history = page.locator(".history")
    await history.getByRole("button", { name: "Undo…" }).first().click()
    await dialog.getByRole("button", { name: "Undo", exact: true }).click()
    await expect.poll(() => value(context, sale)).toBe(100)
    await page.reload()
    await history.getByText("undone", { exact: true }).first().waitFor()
    await history.getByRole("button", { name: "Undo the undo…" }).click()
    const back = page.getByRole("dialog", { name: "Undo this undo" })
    await back.getByText("€ 250.50").waitFor()
    await back.getByRole("button", { name: "Put it back" }).click()
    await expect.poll(() => value(context, sale)).toBe(250.5)
    await history.getByText("by the undo of an undo").first().waitFor()
    await history.getByRole("button", { name: "Undo the undo…" }).waitFor({ state: "detached" })
    expect(complaints).toEqual([])
    await context.close()
  })

  it("can be read by a viewer, and on a narrow window", async () => {
    const { context, page } = await signedIn(browser, { width: 390, height: 800, theme: "dark" })
    const { sale } = await sold(context)
    await page.goto(`/records/sales/${sale}`)
    await page.getByText("1,450.5 m³").waitFor()
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    expect(await violations(page)).toEqual([])
    await context.close()
  })
})

describe("what counts for somebody", () => {
  it("is counted on their page and listed behind the number, and the export has the same rows", async () => {
    const { context, page, complaints } = await signedIn(browser)
    const { of, provider } = await sold(context)
    const team = await send<Made>(context, "POST", "/v1/teams", { name: `Team ${of}` })
    const made: Record<string, string> = {}
    for (const x of await data<{ id: string; kind: string }[]>(context, `/v1/identities?provider_id=${provider}`)) {
      const linked = await send<{ entity: Made }>(context, "POST", `/v1/identities/${x.id}/link-new`, x.kind === "agent" ? { team_id: team.id } : {})
      made[x.kind] = linked.entity.id
    }
    for (const [path, filter] of [
      [`/agents/${made.agent}`, "agent_id"],
      [`/teams/${team.id}`, "team_id"],
      [`/propositions/${made.proposition}`, "proposition_id"],
    ] as const) {
      await page.goto(path)
      const count = page.locator(".kv-row").filter({ hasText: "Sales" }).getByRole("link")
      await expect.poll(() => count.innerText()).toBe("1")
      await count.click()
      await page.waitForURL(new RegExp(`/sales\\?${filter}=`))
      await page.getByText(`sale-${of}`).waitFor()
      await expect.poll(() => page.locator("tr[data-row]").count()).toBe(1)
      await page.getByRole("button", { name: /^No longer only/ }).waitFor()
      const text = await (await context.request.get((await page.getByRole("link", { name: "Export CSV" }).getAttribute("href")) ?? "")).text()
      expect(text.trim().split("\n").length).toBe(2)
      expect(text).toContain(`sale-${of}`)
    }
    expect(complaints).toEqual([])
    await context.close()
  })

  it("is found by a part of the name, by keyboard", async () => {
    const { context, page, complaints } = await signedIn(browser)
    const { of } = await sold(context)
    const [x] = await data<Made[]>(context, `/v1/identities?kind=agent&search=agent-${of}`)
    await send(context, "POST", `/v1/identities/${x?.id}/link-new`, { name: `Élodie ${of}` })
    await page.goto("/sales?live=off")
    await page.getByRole("combobox", { name: "agent", exact: true }).focus()
    await page.keyboard.type(`élodie ${of}`)
    await page.getByRole("option", { name: `Élodie ${of}` }).waitFor()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await page.waitForURL(/agent_id=agt_/)
    await page.getByText(`sale-${of}`).waitFor()
    await expect.poll(() => page.locator("tr[data-row]").count()).toBe(1)
    await page.getByRole("button", { name: `No longer only agent Élodie ${of}` }).click()
    await page.waitForURL((url) => !url.searchParams.has("agent_id"))
    expect(complaints).toEqual([])
    await context.close()
  })
})

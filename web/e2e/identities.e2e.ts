// The inbox of unlinked external identities: suggestions with their reasons, what linking would move before it is done, many at
// once, and all of it by keyboard alone.
import type { Browser, BrowserContext, Page } from "playwright-core"
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
    id: agent
    external_id: =event.agent
    external_name: =event.name
    email: =event.email
    return_as: agent
  - type: upsert_activity
    id: deal
    external_id: =event.id
    activity_type: Deal
    agent_external_identity: =agent
    moment: =parse_datetime(event.at)
`

interface Made {
  id: string
  name: string
}

// Letters only: a name with digits in it is similar to none.
const unique = () => Array.from({ length: 6 }, () => String.fromCharCode(97 + Math.floor(Math.random() * 26))).join("")

// A provider of its own, whose deliveries name agents.
async function door(context: BrowserContext, name: string) {
  const provider = await send<{ id: string; api_key: string }>(context, "POST", "/v1/providers", { type: "webhooks", name })
  const source = await send<{ id: string; url: string }>(context, "POST", `/v1/providers/${provider.id}/sources`, { type: "webhook.payload", name })
  const of = await send<{ id: string }>(context, "POST", "/v1/processors", { name, provider_id: provider.id, source_model: "webhook.payload" })
  await send(context, "PUT", `/v1/processors/${of.id}/spec`, spec, "application/yaml")
  await send(context, "POST", `/v1/processors/${of.id}/enable`, {})
  await send(context, "PUT", `/v1/sources/${source.id}/processors`, [{ processor_id: of.id, constants: {} }])
  let n = 0
  return {
    provider: provider.id,
    names: async (agent: string, name: string, email: string | null = null) => {
      const answer = await fetch(base() + new URL(source.url).pathname, {
        method: "POST",
        headers: { "Content-Type": "application/json", Authorization: `Bearer ${provider.api_key}` },
        body: JSON.stringify({ id: `${agent}-${n++}`, agent, name, email, at: "2026-11-19 16:20:00" }),
      })
      expect(answer.status).toBeLessThan(300)
    },
  }
}

const active = (page: Page) =>
  page.evaluate(() => document.getElementById(document.querySelector(".inbox")?.getAttribute("aria-activedescendant") ?? "")?.textContent ?? "")

async function linkedTo(context: BrowserContext, provider: string): Promise<Record<string, string | null>> {
  const all = await data<{ external_id: string; ignored: boolean; entity: Made | null }[]>(
    context,
    `/v1/identities?provider_id=${provider}&per_page=100`,
  )
  return Object.fromEntries(all.map((i) => [i.external_id, i.entity?.name ?? (i.ignored ? "ignored" : null)]))
}

describe("the inbox of identities", () => {
  it("is worked through by keyboard alone: J, K, Enter, N, I and U", async () => {
    const { context, page, complaints } = await signedIn(browser)
    const of = unique()
    const [crm, phone] = [await door(context, `CRM ${of}`), await door(context, `Phone ${of}`)]
    await crm.names("c1", `Lotte Jansen-${of}`, `lotte@${of}.test`)
    const [known] = await data<Made[]>(context, `/v1/identities?provider_id=${crm.provider}`)
    await send(context, "POST", `/v1/identities/${known?.id}/link-new`, {})
    await phone.names("p4", `Stagiair ${of}`)
    await phone.names("p3", `Bram Mulder ${of}`)
    for (let i = 0; i < 3; i++) await phone.names("p2", `L. Jansen-${of}`, `LOTTE@${of}.test`)
    await page.goto(`/identities?provider_id=${phone.provider}`)
    const list = page.getByRole("listbox", { name: "External identities" })
    await list.getByRole("option").nth(2).waitFor()

    // The newest stands first: who has the same e-mail address, and why. Nothing is linked by itself.
    await page.getByText(`same e-mail at CRM ${of}: lotte@${of}.test`).waitFor()
    await page.getByText("similar name", { exact: false }).first().waitFor()
    await list.getByRole("option", { name: /sure/ }).waitFor()
    await page.getByText(`3 records go from nobody to Lotte Jansen-${of}`, { exact: false }).waitFor()
    const would = page.getByRole("table", { name: `What Lotte Jansen-${of} would have` })
    await expect.poll(() => would.getByRole("row").first().innerText()).toMatch(/Activities\s+1\s+4/)
    expect((await linkedTo(context, phone.provider)).p2).toBeNull()

    // Down and up again, then Enter links the best; the next one is chosen.
    await page.keyboard.press("j")
    await expect.poll(() => active(page)).toContain("p3")
    await page.keyboard.press("k")
    await expect.poll(() => active(page)).toContain("p2")
    await page.getByRole("button", { name: `Link to Lotte Jansen-${of}` }).waitFor()
    await page.getByRole("radio", { name: new RegExp(`^Lotte Jansen-${of}`) }).focus() // the keys work from a suggestion too
    await page.keyboard.press("Space")
    await page.keyboard.press("Enter")
    await expect.poll(() => active(page)).toContain("p3")
    await expect.poll(() => linkedTo(context, phone.provider)).toEqual({ p2: `Lotte Jansen-${of}`, p3: null, p4: null })

    // N makes one and links it, I ignores; the list is empty then.
    await page.getByRole("heading", { name: `Bram Mulder ${of}` }).waitFor()
    await page.keyboard.press("n")
    await expect.poll(() => active(page)).toContain("p4")
    await page.getByRole("heading", { name: `Stagiair ${of}` }).waitFor()
    await page.keyboard.press("i")
    await page.getByText("Nothing matches").waitFor()
    await expect.poll(() => linkedTo(context, phone.provider)).toEqual({ p2: `Lotte Jansen-${of}`, p3: `Bram Mulder ${of}`, p4: "ignored" })
    expect(complaints).toEqual([])
    await context.close()
  })

  it("takes back what was done, one after the other, and tells who did what", async () => {
    const { context, page, complaints } = await signedIn(browser)
    const of = unique()
    const phone = await door(context, `Phone ${of}`)
    await phone.names("p1", `Lotte ${of}`)
    await phone.names("p2", `Bram ${of}`)
    await page.goto(`/identities?provider_id=${phone.provider}`)
    await page.getByRole("heading", { name: `Bram ${of}` }).waitFor()
    await page.keyboard.press("i")
    await page.getByRole("heading", { name: `Lotte ${of}` }).waitFor()
    await page.keyboard.press("u")
    await page.getByRole("heading", { name: `Bram ${of}` }).waitFor()
    await expect.poll(() => linkedTo(context, phone.provider)).toEqual({ p1: null, p2: null })
    await page.getByText("No longer ignored").waitFor()
    await page.getByText("Ignored", { exact: true }).last().waitFor()

    // What somebody else has linked since stays, and the undo says so.
    const [bram] = await data<Made[]>(context, `/v1/identities?provider_id=${phone.provider}&external_id=p2`)
    const other = await send<Made>(context, "POST", "/v1/agents", { name: `Other ${of}` })
    await page.keyboard.press("n")
    await page.getByRole("heading", { name: `Lotte ${of}` }).waitFor()
    await send(context, "POST", `/v1/identities/${bram?.id}/link`, { entity_id: other.id })
    await page.keyboard.press("u")
    await page.getByText(`“Bram ${of}” was changed since; it stays as it is.`).waitFor()
    expect(await linkedTo(context, phone.provider)).toEqual({ p1: null, p2: `Other ${of}` })
    expect(complaints).toEqual([])
    await context.close()
  })

  it("does many at once, with a preview and an undo", async () => {
    const { context, page, complaints } = await signedIn(browser)
    const of = unique()
    const phone = await door(context, `Phone ${of}`)
    for (const n of [1, 2, 3]) await phone.names(`p${n}`, `Agent ${n} ${of}`)
    await page.goto(`/identities?provider_id=${phone.provider}`)
    const list = page.getByRole("listbox", { name: "External identities" })
    await list.getByRole("option").nth(2).waitFor()
    await list.focus()
    await page.keyboard.press("Control+a")
    await page.getByText("3 picked").waitFor()
    await page.getByRole("button", { name: "Create and link…" }).click()
    const dialog = page.getByRole("dialog", { name: "Create and link 3 identities" })
    await dialog.getByText("3 records move from nobody").waitFor()
    await dialog.getByRole("button", { name: "Create and link 3 identities" }).click()
    await page.getByText("Nothing matches").waitFor()
    await expect.poll(() => linkedTo(context, phone.provider)).toEqual({ p1: `Agent 1 ${of}`, p2: `Agent 2 ${of}`, p3: `Agent 3 ${of}` })
    await page.getByRole("button", { name: "Undo" }).click()
    await list.getByRole("option").nth(2).waitFor()
    await expect.poll(() => linkedTo(context, phone.provider)).toEqual({ p1: null, p2: null, p3: null })
    expect(await data<Made[]>(context, `/v1/agents?search=${of}`)).toEqual([]) // what was made for them is gone, too
    expect(complaints).toEqual([])
    await context.close()
  })

  it("keeps its filters in the address and under a name, and exports what they show", async () => {
    const { context, page, complaints } = await signedIn(browser)
    const of = unique()
    const phone = await door(context, `Phone ${of}`)
    for (const n of [1, 2]) await phone.names(`p${n}`, `Agent ${n} ${of}`)
    await page.goto("/identities")
    const list = page.getByRole("listbox", { name: "External identities" })
    await list.getByRole("option").first().waitFor()
    await page.keyboard.press("/")
    await page.keyboard.type(`2 ${of}`)
    await page.waitForURL(/search=/)
    await page.getByLabel("kind", { exact: true }).selectOption("agent")
    await page.waitForURL(/kind=agent/)
    await expect.poll(() => list.getByRole("option").count()).toBe(1)
    await page.getByRole("button", { name: "Save these filters as a view" }).click()
    await page.getByRole("dialog").getByLabel("Name").fill(`Mine ${of}`)
    await page.keyboard.press("Enter")
    await page.getByRole("link", { name: `Mine ${of}` }).waitFor()
    const text = await (await context.request.get((await page.getByRole("link", { name: "Export CSV" }).getAttribute("href")) ?? "")).text()
    expect(text.trim().split("\n").length).toBe(2)
    await page.getByLabel("first seen", { exact: true }).selectOption("7")
    await page.getByText("Nothing matches").waitFor()
    await page.goto("/identities")
    await page.getByRole("link", { name: `Mine ${of}` }).click()
    await page.waitForURL(/search=.*|kind=agent/)
    await expect.poll(() => list.getByRole("option").count()).toBe(1)
    await page.getByRole("button", { name: `Delete the view Mine ${of}` }).click()
    await page.getByRole("link", { name: `Mine ${of}` }).waitFor({ state: "detached" })
    expect(complaints).toEqual([])
    await context.close()
  })

  for (const theme of ["light", "dark"] as const)
    it(`has no accessibility finding (${theme})`, async () => {
      const { context, page } = await signedIn(browser, { theme })
      const of = unique()
      const phone = await door(context, `Phone ${of}`)
      await phone.names("p1", `Lotte ${of}`)
      await page.goto(`/identities?provider_id=${phone.provider}`)
      await page.getByText("What would move").waitFor()
      await page.getByText("Latest records").waitFor()
      await page.getByRole("listbox", { name: "External identities" }).focus()
      await page.keyboard.press("x")
      await page.getByText("1 picked").waitFor()
      expect(await violations(page)).toEqual([])
      await context.close()
    })
})

import { gzipSync } from "node:zlib"
import type { Browser, BrowserContext } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { violations } from "./axe"
import { base, data, launch, owner, paste, send, signedIn, watched } from "./browser"

let browser: Browser
beforeAll(async () => {
  browser = await launch()
})
afterAll(() => browser.close())

interface Made {
  id: string
  name: string
}

// What the tests work on: a provider with its key, a source, and a processor that writes one activity per line.
interface Setup {
  provider: Made & { api_key: string }
  source: Made & { url: string }
  processor: Made
}

const spec = `spec: 1
source_model: webhook.payload
var: event
instructions:
  - type: upsert_agent_external_identity
    external_id: =event.agent
    external_name: =event.agent_name
    return_as: agent
  - type: for_each
    list: =event.lines
    item_var: line
    body:
      - type: upsert_activity
        external_id: =concat(event.id, " | ", line.sku)
        activity_type: Line
        agent_external_identity: =agent
        moment: =parse_datetime(event.at)
        value: =multiply(parse_number(line.price), line.quantity)
        value_is_money: true
`

let n = 0
const unique = (what: string) => `${what} ${process.pid}-${Date.now()}-${++n}`

async function setUp(context: BrowserContext): Promise<Setup> {
  const provider = await send<Setup["provider"]>(context, "POST", "/v1/providers", { type: "webhooks", name: unique("Shop") })
  const source = await send<Setup["source"]>(context, "POST", `/v1/providers/${provider.id}/sources`, {
    type: "webhook.payload",
    name: unique("Orders"),
  })
  const processor = await send<Made>(context, "POST", "/v1/processors", {
    name: unique("Lines"),
    provider_id: provider.id,
    source_model: "webhook.payload",
  })
  await send(context, "PUT", `/v1/processors/${processor.id}/spec`, spec, "application/yaml")
  await send(context, "POST", `/v1/processors/${processor.id}/enable`, {})
  await send(context, "PUT", `/v1/sources/${source.id}/processors`, [{ processor_id: processor.id, constants: {} }])
  return { provider, source, processor }
}

async function deliver(to: Setup, body: unknown): Promise<number> {
  const path = new URL(to.source.url).pathname
  const answer = await fetch(base() + path, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${to.provider.api_key}` },
    body: JSON.stringify(body),
  })
  return answer.status
}

const order = (id: string, agent: string, ...prices: string[]) => ({
  id,
  agent,
  agent_name: `Sanne ${agent}`,
  at: "2026-11-19 16:20:00",
  lines: prices.map((price, i) => ({ sku: `S${i + 1}`, price, quantity: 2 })),
})

describe("signing in", () => {
  it("asks for it, refuses a wrong password in words, and goes on to where one was going", async () => {
    const context = await browser.newContext({ baseURL: base() })
    const { page, complaints } = await watched(context)
    await page.goto("/processors")
    await page.getByRole("heading", { name: "Sign in to Dealwright" }).waitFor()
    await page.getByLabel("E-mail").fill(owner().email)
    await page.getByRole("textbox", { name: "Password" }).fill("not the password")
    await page.keyboard.press("Enter")
    await page.getByRole("alert").waitFor()
    await page.getByRole("textbox", { name: "Password" }).fill(owner().password)
    await page.keyboard.press("Enter")
    await page.getByRole("heading", { name: "Processors" }).waitFor()
    await page.getByRole("button", { name: /^Sign out/ }).click()
    await page.getByRole("heading", { name: "Sign in to Dealwright" }).waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })
})

describe("from nothing to a trace", () => {
  it("makes a provider, shows its key once, and a source", async () => {
    const { context, page, complaints } = await signedIn(browser)
    const name = unique("Webshop")
    await page.goto("/providers")
    await page.getByRole("button", { name: "New provider" }).first().click()
    await page
      .getByRole("list", { name: "Types" })
      .getByRole("button", { name: /^Webhooks/ })
      .click()
    await page.getByLabel("Name").last().fill(name)
    await page.getByRole("button", { name: "Create provider" }).click()
    const key = await page.locator(".dialog code").first().innerText()
    expect(key.length).toBeGreaterThan(20)
    await page.keyboard.press("Escape") // does not lose it
    await page.getByRole("checkbox", { name: "I have copied the key" }).check()
    await page.getByRole("button", { name: "Done" }).click()
    await page.getByRole("heading", { name, level: 1 }).waitFor()
    expect(await page.locator("body").innerText()).not.toContain(key)

    await page.getByRole("button", { name: "New source" }).first().click()
    await page.getByLabel("Name").last().fill("Orders")
    await page.getByRole("button", { name: "Create source" }).click()
    await page.getByRole("complementary", { name: "Orders" }).waitFor()
    expect(new URL(page.url()).searchParams.get("source")).toMatch(/^src_/)
    expect(complaints).toEqual([])
    await context.close()
  })

  it("lists the problems of a spec with their places, saves a good one and enables it", async () => {
    const { context, page, complaints } = await signedIn(browser)
    const to = await setUp(context)
    const processor = await send<Made>(context, "POST", "/v1/processors", {
      name: unique("New"),
      provider_id: to.provider.id,
      source_model: "webhook.payload",
    })
    await page.goto(`/processors/${processor.id}`)
    await page.getByRole("link", { name: "Edit spec" }).click()
    await page.getByRole("tab", { name: "YAML" }).click()
    const editor = page.getByRole("textbox", { name: "Spec as YAML" })
    await paste(editor, spec.replace("=agent\n", "=nobody\n"))
    await page.keyboard.press("Control+s")
    const problem = page.getByRole("list", { name: "Problems" }).getByRole("listitem").first()
    await problem.getByText("nobody").first().waitFor()
    await page
      .getByText(/^Not saved: [1-9]/)
      .first()
      .waitFor()

    await paste(editor, spec)
    await page.getByText("No problems. It can be saved.").waitFor()
    await page.keyboard.press("Control+s")
    await page.getByText("Saved as version 1").waitFor()
    await page.getByRole("button", { name: "Enable…" }).click()
    await page.getByRole("button", { name: "Enable version 1" }).click()
    await page.getByRole("button", { name: "Disable" }).waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })

  it("shows an execution as it arrives, and in its trace the step, the item and the value that failed", async () => {
    const { context, page, complaints } = await signedIn(browser)
    const to = await setUp(context)
    const agent = unique("a")
    await page.goto(`/executions?processor_id=${to.processor.id}`)
    await page.getByText("Nothing matches").waitFor()
    expect(await deliver(to, order("o1", agent, "10.50", "to be agreed"))).toBeLessThan(300)
    const row = page.getByRole("row").filter({ hasText: "partial" })
    await row.waitFor()
    await page.keyboard.press("j")
    await page.keyboard.press("Enter")

    const step = page.getByRole("region", { name: "Step" })
    await step.getByText("to be agreed").first().waitFor()
    await expect.poll(() => step.innerText()).toContain("item 2 of 2")
    await page.getByRole("treeitem", { selected: true }).getByText("failed").waitFor()
    await expect.poll(() => page.getByRole("complementary", { name: "Values" }).innerText()).toContain("to be agreed")

    await page.keyboard.press(",")
    await step.getByText("item 1 of 2").waitFor()
    await page.getByRole("treeitem", { selected: true }).getByText("new").waitFor()
    await expect.poll(() => step.innerText()).toContain("21") // 10.50 × 2
    await page.getByText("Recomputed, digest matches").waitFor()
    await page.getByRole("region", { name: "Record changes" }).getByText("o1 | S1").first().waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })

  it("runs a delivery again with a mended spec", async () => {
    const { context, page, complaints } = await signedIn(browser)
    const to = await setUp(context)
    await deliver(to, order("o2", unique("a"), "to be agreed"))
    const [execution] = await data<Made[]>(context, `/v1/executions?processor_id=${to.processor.id}`)
    const mended = spec.replace("parse_number(line.price)", "parse_number(line.price, default=0)")
    await send(context, "PUT", `/v1/processors/${to.processor.id}/spec`, mended, "application/yaml")
    await page.goto(`/executions/${execution?.id}`)
    await page.getByRole("button", { name: "Run again…" }).click()
    await page.getByRole("dialog").getByRole("button", { name: "Run again" }).click()
    await page.getByText("replay").first().waitFor()
    await page.getByText("succeeded").first().waitFor()
    expect(page.url()).not.toContain(execution?.id)
    expect(complaints).toEqual([])
    await context.close()
  })
})

describe("identities", () => {
  it("makes an agent of an unlinked one, and takes it back", async () => {
    const { context, page, complaints } = await signedIn(browser)
    const to = await setUp(context)
    const agent = unique("agent")
    await deliver(to, order("o3", agent, "1"))
    await page.goto("/identities")
    await page.getByRole("listbox", { name: "External identities" }).waitFor()
    await page.keyboard.press("/")
    await page.keyboard.type(agent)
    await page.getByRole("option", { name: new RegExp(agent) }).waitFor()
    await page.getByRole("button", { name: /^Create “Sanne/ }).click()
    await page.getByText("is created and linked").waitFor()
    await page.getByText("Nothing matches").waitFor()
    await page.goto(`/activities?external_id=${encodeURIComponent("o3 | S1")}&provider_id=${to.provider.id}`)
    await page.getByRole("gridcell", { name: `Sanne ${agent}` }).waitFor()
    await expect.poll(() => page.getByText("not linked").count()).toBe(0)

    await page.goto(`/identities?view=linked&search=${encodeURIComponent(agent)}`)
    await page.getByRole("button", { name: "Unlink" }).click()
    await page.getByText("is no longer linked").waitFor()
    await page.getByRole("button", { name: "Undo" }).click()
    await page.getByRole("button", { name: "Unlink" }).waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })

  it("links one to an agent that is there, found by name, and ignores another", async () => {
    const { context, page, complaints } = await signedIn(browser)
    const to = await setUp(context)
    const [one, two] = [unique("x"), unique("y")]
    const agent = await send<Made>(context, "POST", "/v1/agents", { name: unique("Fatima") })
    await deliver(to, order("o4", one, "1"))
    await deliver(to, order("o5", two, "1"))
    await page.goto(`/identities?search=${encodeURIComponent(one)}`)
    const box = page.getByRole("combobox", { name: "Link to an agent" })
    await box.fill(agent.name)
    await page.getByRole("option", { name: agent.name }).click()
    await page.getByRole("button", { name: `Link to ${agent.name}` }).click()
    await page.getByText(`is linked to ${agent.name}`).waitFor()

    await page.goto(`/identities?search=${encodeURIComponent(two)}`)
    await page.getByRole("button", { name: /^Ignore/ }).click()
    await page.getByText("is ignored").waitFor()
    await page.getByRole("link", { name: "Ignored" }).click()
    await page.getByRole("option", { name: new RegExp(two) }).waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })
})

describe("settings", () => {
  it("switching a record kind off takes its page from the menu; Undo brings it back", async () => {
    const { context, page, complaints } = await signedIn(browser)
    const entry = page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Periods" })
    await page.goto("/settings")
    const periods = page.getByRole("switch", { name: "Periods" })
    await periods.waitFor()
    if ((await periods.getAttribute("aria-checked")) === "false") await periods.click()
    await entry.waitFor()
    await periods.click()
    await entry.waitFor({ state: "detached" })
    await page.getByRole("button", { name: "Undo" }).last().click()
    await entry.waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })
})

describe("finding", () => {
  it("goes to a thing by its external id, by a part of its name, and runs a command", async () => {
    const { context, page, complaints } = await signedIn(browser)
    const to = await setUp(context)
    const id = unique("o")
    await deliver(to, order(id, unique("a"), "1"))
    await page.goto("/deliveries")
    await page.getByRole("heading", { name: "Deliveries", level: 1 }).waitFor()
    const find = async (text: string, option: string | RegExp) => {
      await page.keyboard.press("Control+k")
      await page.getByRole("combobox", { name: "Page, name or any id" }).fill(text)
      await page.getByRole("option", { name: option }).first().waitFor()
      await page.keyboard.press("Enter")
    }
    // What is typed right after the key is typed into it, also on a page that has only just come.
    await page.reload()
    await page.getByRole("heading", { name: "Deliveries", level: 1 }).waitFor()
    await page.keyboard.press("Control+k")
    await page.keyboard.type("no-such-thing")
    await expect.poll(() => page.getByRole("combobox", { name: "Page, name or any id" }).inputValue()).toBe("no-such-thing")
    await page.keyboard.press("Escape")
    // Enter before the answer is there acts on it when it comes.
    await page.keyboard.press("Control+k")
    await page.getByRole("combobox", { name: "Page, name or any id" }).fill(`${id} | S1`)
    await page.keyboard.press("Enter")
    await page.getByRole("heading", { name: `${id} | S1`, level: 1 }).waitFor()
    await find(to.source.name, to.source.name)
    await page.getByRole("complementary", { name: to.source.name }).waitFor()
    await find(to.processor.id, to.processor.name)
    await page.getByRole("heading", { name: to.processor.name, level: 1 }).waitFor()
    await find("dark", "Theme: dark")
    await page.waitForFunction(() => document.documentElement.dataset.theme === "dark")
    expect(complaints).toEqual([])
    await context.close()
  })

  it("has the whole menu on a window of 900 px, and on a lower one a way to the rest", async () => {
    const { context, page, complaints } = await signedIn(browser)
    await page.goto("/deliveries")
    const menu = page.getByRole("navigation", { name: "Main" })
    const last = menu.getByRole("link", { name: "Events" })
    await last.waitFor()
    const hidden = () => menu.locator(".nav-list").evaluate((list) => list.scrollHeight - list.clientHeight)
    await expect.poll(hidden).toBe(0)
    await page.setViewportSize({ width: 1440, height: 640 })
    await expect.poll(hidden).toBeGreaterThan(0)
    await last.focus()
    await expect
      .poll(() => last.evaluate((e) => e.getBoundingClientRect().bottom <= (e.closest(".nav-list")?.getBoundingClientRect().bottom ?? 0)))
      .toBe(true)
    expect(complaints).toEqual([])
    await context.close()
  })

  it("leads to lists by G and a letter, but not whoever is typing", async () => {
    const { context, page, complaints } = await signedIn(browser)
    await page.goto("/providers")
    await page.getByRole("heading", { name: "Providers", level: 1 }).waitFor()
    await page.keyboard.press("g")
    await page.keyboard.press("i")
    await page.getByRole("heading", { name: "Unlinked external identities", level: 1 }).waitFor()
    await page.keyboard.press("/")
    await page.keyboard.type("gx")
    await expect.poll(() => page.getByRole("searchbox").inputValue()).toBe("gx")
    expect(new URL(page.url()).pathname).toBe("/identities")
    expect(complaints).toEqual([])
    await context.close()
  })
})

describe("the language", () => {
  it("is picked in the menu and kept, for numbers and the page too", async () => {
    const { context, page, complaints } = await signedIn(browser)
    await page.goto("/providers")
    await page.getByRole("button", { name: /^Language: English/ }).click()
    await page.getByRole("link", { name: "Processoruitvoeringen", exact: true }).waitFor()
    await expect.poll(() => page.evaluate(() => document.documentElement.lang)).toBe("nl")
    await page.goto("/settings/users")
    await page.getByRole("columnheader", { name: "Rol" }).waitFor()
    await page.getByRole("button", { name: /^Taal: Nederlands/ }).click()
    await page.getByRole("columnheader", { name: "Role" }).waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })
})

describe("without an answer", () => {
  it("says that the server does not answer, keeps what is typed, and goes on when it does", async () => {
    const { context, page } = await signedIn(browser)
    await page.goto("/settings")
    await page.getByLabel("Name").first().fill("Typed before")
    await context.setOffline(true)
    const banner = page.getByText("The server does not answer.")
    await banner.waitFor()
    await expect.poll(() => page.getByLabel("Name").first().inputValue()).toBe("Typed before")
    await context.setOffline(false)
    await banner.waitFor({ state: "detached" })
    await expect.poll(() => page.getByLabel("Name").first().inputValue()).toBe("Typed before")
    await context.close()
  })

  it("sends nothing later that could not be sent: it says so, and Cancel is Cancel", async () => {
    const { context, page } = await signedIn(browser)
    await page.goto("/agents")
    await page.getByRole("heading", { name: "Agents", level: 1 }).waitFor()
    await page.getByRole("button", { name: "New agent" }).first().click()
    const dialog = page.getByRole("dialog")
    const name = dialog.getByLabel("Name")
    await name.fill("Cancelled Cas")
    await context.setOffline(true)
    await dialog.getByRole("button", { name: "Create agent" }).click()
    await dialog.getByText("Not saved: the server cannot be reached.").waitFor()
    await expect.poll(() => name.inputValue()).toBe("Cancelled Cas")
    let sent = 0
    page.on("request", (r) => r.method() === "POST" && sent++)
    await dialog.getByRole("button", { name: "Cancel" }).click()
    await context.setOffline(false)
    await page.getByText("The server does not answer.").waitFor({ state: "detached" })
    await page.reload() // by then whatever waited was sent
    await page.getByRole("heading", { name: "Agents", level: 1 }).waitFor()
    expect(sent).toBe(0)
    expect(await data<unknown[]>(context, "/v1/agents?search=Cancelled")).toEqual([])
    await context.close()
  })

  it("leads to sign in once when the session has ended, and back to what was asked for", async () => {
    const context = await browser.newContext({ baseURL: base() })
    const { page, complaints } = await watched(context)
    const enter = async () => {
      await page.getByLabel("E-mail").fill(owner().email)
      await page.getByRole("textbox", { name: "Password" }).fill(owner().password)
      await page.getByRole("button", { name: "Sign in" }).click()
    }
    await page.goto("/agents")
    await enter()
    await page.getByRole("heading", { name: "Agents", level: 1 }).waitFor()
    await context.clearCookies()
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Journal" }).click()
    await page.waitForURL((url) => url.pathname === "/sign-in" && url.search === "?next=%2Fjournal")
    await enter()
    await page.getByRole("heading", { name: "Journal", level: 1 }).waitFor()
    await page.goto("/agents")
    await page.getByRole("button", { name: "New agent" }).first().click()
    await page.getByRole("dialog").getByLabel("Name").fill("Nobody's")
    await context.clearCookies()
    await page.getByRole("dialog").getByRole("button", { name: "Create agent" }).click()
    await page.waitForURL((url) => url.pathname === "/sign-in" && url.search.startsWith("?next=%2Fagents"))
    await enter()
    await page.getByRole("heading", { name: "Agents", level: 1 }).waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })

  it("stays where one is when a page cannot be fetched, with what is typed, and goes there when it can", async () => {
    const { context, page, complaints } = await signedIn(browser)
    await page.addInitScript(() => Object.defineProperty(navigator, "connection", { value: { saveData: true } })) // nothing is fetched ahead
    await page.goto("/settings")
    await page.getByLabel("Name").first().fill("Typed before")
    await context.setOffline(true)
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Journal" }).click()
    await page.getByText("The page you asked for opens as soon as it does").waitFor()
    await expect.poll(() => page.getByLabel("Name").first().inputValue()).toBe("Typed before")
    await context.setOffline(false)
    await page.getByRole("heading", { name: "Journal", level: 1 }).waitFor()
    await page.getByText("The server does not answer.").waitFor({ state: "detached" })
    expect(complaints).toEqual([])
    await context.close()
  })

  it("opens pages that were not gone to before: their files came while nothing else was to do", async () => {
    const { context, page } = await signedIn(browser)
    await page.goto("/settings")
    await page.getByRole("heading", { name: "Settings", level: 1 }).waitFor()
    await expect.poll(() => page.evaluate(() => performance.getEntriesByName("ahead-end").length), { timeout: 30_000 }).toBe(1)
    await context.setOffline(true)
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Journal" }).click()
    await page.getByRole("heading", { name: "Journal", level: 1 }).waitFor()
    await page.getByText("The server does not answer. What you see").waitFor()
    await context.close()
  })

  it("loads the app anew, once, when a newer release has taken a page's file away", async () => {
    const { context, page } = await signedIn(browser)
    await page.addInitScript(() => Object.defineProperty(navigator, "connection", { value: { saveData: true } }))
    let loads = 0
    page.on("load", () => loads++)
    await page.goto("/settings")
    await page.getByRole("heading", { name: "Settings", level: 1 }).waitFor()
    const file = /JournalPage.*\.js/
    let asked = 0
    await page.route(file, (r) => {
      asked++
      return r.fulfill({ status: 404, body: "" })
    })
    const name = page.getByLabel("Name").first()
    await name.fill("Typed before")
    const link = page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Journal" })
    await link.hover() // to point at it loads nothing anew
    await expect.poll(() => asked).toBe(2)
    await expect.poll(() => page.evaluate(() => sessionStorage.getItem("reloaded"))).toBeNull()
    await expect.poll(() => name.inputValue()).toBe("Typed before")
    await link.click()
    const alert = page.getByRole("alert").filter({ hasText: "The server has no such page any more" })
    await alert.waitFor()
    await expect.poll(() => loads).toBe(2)
    await page.unroute(file)
    await alert.getByRole("button", { name: "Try again" }).click()
    await page.getByRole("heading", { name: "Journal", level: 1 }).waitFor()
    await context.close()
  })

  it("says that a newer build is there", async () => {
    const { context, page } = await signedIn(browser)
    await page.goto("/providers")
    await page.getByRole("heading", { name: "Providers", level: 1 }).waitFor()
    await page.route(/\/$/, (r) => r.fulfill({ contentType: "text/html", body: '<script type="module" src="/assets/index-newer.js"></script>' }))
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")))
    await page.getByText("A newer version of Dealwright runs on the server.").waitFor()
    await context.close()
  })
})

describe("people and keys", () => {
  it("invites somebody with a first password, who signs in and changes it", async () => {
    const { context, page, complaints } = await signedIn(browser)
    const email = `${unique("new").replace(" ", ".")}@example.test`
    await page.goto("/settings/users")
    await page.getByRole("button", { name: "Invite somebody" }).first().click()
    await page.getByRole("textbox", { name: /^E-mail/ }).fill(email)
    await page.getByLabel("First password").fill("a first password")
    await page.getByRole("button", { name: "Invite", exact: true }).click()
    await page.getByText(`${email} is saved`).waitFor()
    const other = await browser.newContext({ baseURL: base() })
    const theirs = await watched(other)
    await theirs.page.goto("/sign-in")
    await theirs.page.getByLabel("E-mail").fill(email)
    await theirs.page.getByRole("textbox", { name: "Password" }).fill("a first password")
    await theirs.page.keyboard.press("Enter")
    await theirs.page.getByRole("link", { name: /^My account/ }).click()
    await theirs.page.getByLabel("Present password").fill("a first password")
    await theirs.page.getByLabel("New password").fill("one of my own")
    await theirs.page.getByRole("button", { name: "Change password" }).click()
    await theirs.page.getByText("Password changed").waitFor()
    await other.close()
    expect(complaints).toEqual([])
    await context.close()
  })

  it("makes an API key that works, and revokes it", async () => {
    const { context, page, complaints } = await signedIn(browser)
    const name = unique("Robot")
    await page.goto("/settings/api-keys")
    await page.getByRole("button", { name: "New API key" }).first().click()
    await page.getByLabel("Name").fill(name)
    await page.getByRole("button", { name: "Create key" }).click()
    const key = await page.locator(".dialog code").first().innerText()
    await page.getByRole("checkbox", { name: "I have copied the key" }).check()
    await page.getByRole("button", { name: "Done" }).click()
    const ask = () => fetch(`${base()}/v1/providers`, { headers: { Authorization: `Bearer ${key}` } }).then((r) => r.status)
    expect(await ask()).toBe(200)
    await page.getByRole("button", { name: `Revoke ${name}` }).click()
    await page.getByRole("button", { name: "Revoke key" }).click()
    await page.getByText(`${name} no longer works`).waitFor()
    expect(await ask()).toBe(401)
    expect(complaints).toEqual([])
    await context.close()
  })
})

describe("an agent", () => {
  it("is not saved over what another window saved, unless one says so", async () => {
    const { context, page } = await signedIn(browser)
    const { id } = await send<{ id: string }>(context, "POST", "/v1/agents", { name: "Olga" })
    const other = await context.newPage()
    for (const window of [page, other]) {
      await window.goto(`/agents/${id}`)
      await window.getByRole("button", { name: "Edit" }).click()
    }
    const save = async (window: typeof page, name: string) => {
      await window.getByRole("dialog").getByLabel("Name").fill(name)
      await window.getByRole("dialog").getByRole("button", { name: "Save" }).click()
    }
    await save(page, "Olga A")
    await page.getByText("Olga A is saved").waitFor()
    await save(other, "Olga B")
    await other.getByText("Somebody else changed this meanwhile").waitFor()
    await expect.poll(async () => (await data<{ name: string }>(context, `/v1/agents/${id}`)).name).toBe("Olga A")
    await other.getByRole("heading", { name: "Olga A", level: 1, includeHidden: true }).waitFor()
    await other.getByRole("dialog").getByRole("button", { name: "Save" }).click()
    await other.getByText("Olga B is saved").waitFor()
    await context.close()
  })

  it("that is not there leads to the list, and a filter that is not right is named and taken away", async () => {
    const { context, page, complaints } = await signedIn(browser)
    await page.goto("/agents/agt_zzzzzzzzzz")
    await page.getByRole("alert").getByRole("link", { name: "To the list" }).click()
    await page.getByRole("heading", { name: "Agents", level: 1 }).waitFor()
    await page.goto("/executions?status=bogus&live=off")
    await page.getByText('“status” is "bogus".').waitFor()
    await page.getByRole("button", { name: "Take away status" }).click()
    await page.waitForURL((url) => url.search === "?live=off")
    await page.getByRole("alert").waitFor({ state: "detached" })
    expect(complaints).toEqual([])
    await context.close()
  })

  it("has a page with what is linked to it and what counts for it, which changes with the link", async () => {
    const { context, page, complaints } = await signedIn(browser)
    const to = await setUp(context)
    const agent = unique("a")
    await deliver(to, order(unique("o"), agent, "1", "2"))
    const [identity] = await data<Made[]>(context, `/v1/identities?external_id=${encodeURIComponent(agent)}`)
    const made = await send<Made>(context, "POST", "/v1/agents", { name: unique("Fatima") })
    await send(context, "POST", `/v1/identities/${identity?.id}/link`, { entity_id: made.id })
    await page.goto(`/agents?search=${encodeURIComponent(made.name)}`)
    await page.getByRole("link", { name: made.name }).click()
    await page.getByRole("heading", { name: made.name, level: 1 }).waitFor()
    const counted = page.getByRole("definition").getByRole("link", { name: "2", exact: true })
    await counted.waitFor()
    await page.getByRole("button", { name: `Unlink Sanne ${agent}` }).click()
    await page.getByText("Nothing is linked to it").waitFor()
    await counted.waitFor({ state: "detached" })
    await page.getByRole("button", { name: "Edit" }).click()
    await page.getByLabel("Name").fill(`${made.name} B`)
    await page.getByRole("button", { name: "Save" }).click()
    await page.getByRole("heading", { name: `${made.name} B`, level: 1 }).waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })
})

describe("deleting", () => {
  it("names what hangs on a provider before it goes", async () => {
    const { context, page, complaints } = await signedIn(browser)
    const to = await setUp(context)
    await page.goto(`/providers/${to.provider.id}`)
    await page.getByRole("button", { name: `Actions for ${to.provider.name}` }).click()
    await page.getByRole("menuitem", { name: "Delete provider" }).click()
    const dialog = page.getByRole("alertdialog")
    await dialog.getByText(to.source.name).waitFor()
    await dialog.getByText(to.processor.name).waitFor()
    await dialog.getByRole("button", { name: "Delete provider" }).click()
    await page.getByText(`${to.provider.name} is deleted`).waitFor()
    await page.getByRole("heading", { name: "Providers" }).waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })
})

describe("the keyboard", () => {
  it("goes to a page from anywhere, and tells its own map", async () => {
    const { context, page, complaints } = await signedIn(browser)
    await page.goto("/providers")
    await page.getByRole("heading", { name: "Providers", level: 1 }).waitFor()
    await page.keyboard.press("?")
    await page.getByRole("dialog", { name: "Keyboard" }).waitFor()
    await page.keyboard.press("Escape")
    await page.getByRole("dialog", { name: "Keyboard" }).waitFor({ state: "detached" })
    await page.keyboard.press("Control+k")
    await page.getByRole("combobox", { name: "Page, name or any id" }).fill("proc ex")
    await page.keyboard.press("Enter")
    await page.getByRole("heading", { name: "Processor executions" }).waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })
})

describe("undo", () => {
  it("shows what a run's undo would do, does it, and takes it back", async () => {
    const { context, page, complaints } = await signedIn(browser)
    const to = await setUp(context)
    const id = unique("o")
    expect(await deliver(to, order(id, unique("a"), "12.50", "3"))).toBeLessThan(300)
    const written = () => data<unknown[]>(context, `/v1/activities?provider_id=${to.provider.id}`)
    await page.goto(`/executions?source_id=${to.source.id}`)
    await page.getByRole("row").filter({ hasText: "succeeded" }).click()
    await page.getByRole("button", { name: "Undo what this wrote…" }).click()
    const dialog = page.getByRole("dialog", { name: "Undo what this run wrote" })
    await dialog.getByText(`${id} | S1`).waitFor()
    await expect.poll(() => dialog.getByText("removed", { exact: true }).count()).toBeGreaterThanOrEqual(2)
    expect(await written()).toHaveLength(2) // a preview changes nothing
    expect(await violations(page, { within: ".dialog" })).toEqual([])
    await dialog.getByRole("button", { name: "Undo", exact: true }).click()
    const notice = page.getByRole("status").filter({ hasText: /^Undone: / })
    await notice.waitFor()
    expect(await written()).toHaveLength(0)
    await notice.getByRole("button", { name: "Undo" }).click()
    await page.getByText(/^As it was before: /).waitFor()
    expect(await written()).toHaveLength(2)
    // Its id, pasted, leads to the undo of that undo, and from there to the undo itself.
    const [one] = await data<{ id: string }[]>(context, `/v1/activities?provider_id=${to.provider.id}`)
    const [line] = await data<{ made_by: { undo_id: string; redoes_id: string } }[]>(context, `/v1/activities/${one?.id}/history`)
    await page.keyboard.press("Control+k")
    await page.getByRole("combobox", { name: "Page, name or any id" }).fill(line?.made_by.undo_id ?? "")
    await page.keyboard.press("Enter")
    await page.getByText("This put back what an undo had taken back").waitFor()
    expect(await violations(page)).toEqual([])
    await page.getByRole("link", { name: line?.made_by.redoes_id ?? "" }).click()
    await page.getByText("This undo was taken back itself").waitFor()
    await page
      .getByRole("link", { name: `${id} | S1` })
      .first()
      .click()
    await page
      .getByRole("link", { name: /the undo of an undo/ })
      .first()
      .click()
    await page.getByText("This put back what an undo had taken back").waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })
})

describe("a record", () => {
  it("is reached from its list, and leads to the trace and to the delivery that made it", async () => {
    const { context, page, complaints } = await signedIn(browser)
    const to = await setUp(context)
    const id = unique("o")
    await deliver(to, order(id, unique("a"), "12.50"))
    await page.goto(`/activities?provider_id=${to.provider.id}`)
    await page
      .getByRole("row")
      .filter({ hasText: `${id} | S1` })
      .getByText("€ 25.00")
      .click()
    await page.getByRole("heading", { name: `${id} | S1`, level: 1 }).waitFor()
    await page.getByText("not linked").waitFor()
    await page
      .getByRole("link", { name: /^Trace/ })
      .first()
      .click()
    await page.getByText("Recomputed, digest matches").waitFor()
    await page.getByRole("link", { name: /^dlv_/ }).click()
    await page.getByRole("heading", { name: "What came in" }).waitFor()
    await page.getByText(`"id": "${id}"`).waitFor()
    await page.getByRole("row").filter({ hasText: "succeeded" }).waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })
})

describe("the first load", () => {
  it("needs less than 300 kB of script, gzipped", async () => {
    const { context, page } = await signedIn(browser)
    const sizes: Promise<number>[] = []
    page.on("response", (r) => {
      if (r.url().endsWith(".js")) sizes.push(r.body().then((body) => gzipSync(body).length))
    })
    await page.goto("/executions")
    await page.getByRole("heading", { name: "Processor executions" }).waitFor()
    const total = (await Promise.all(sizes)).reduce((a, b) => a + b, 0)
    expect(total).toBeGreaterThan(10_000)
    expect(total).toBeLessThan(300_000)
    await context.close()
  })
})

describe("when the server fails", () => {
  it("a list says why, with the request id, and tries again", async () => {
    const { context, page } = await signedIn(browser)
    const answers = /\/v1\/providers\?/
    await page.route(answers, (r) =>
      r.fulfill({
        status: 400,
        json: { error: { code: "UNREADABLE", message: "The database is busy.", details: [] }, meta: { request_id: "req_71B2" } },
      }),
    )
    await page.goto("/providers")
    const alert = page.getByRole("alert")
    await alert.getByText("req_71B2").waitFor()
    await page.unroute(answers)
    await alert.getByRole("button", { name: "Try again" }).click()
    await alert.waitFor({ state: "detached" })
    await context.close()
  })
})

// Lists of many rows, against a server whose database has tens of thousands of executions (e2e/browser_test.go makes them).
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { violations } from "./axe"
import { base, send, signedIn } from "./browser"

let browser: Browser
beforeAll(async () => {
  const { launch } = await import("./browser")
  browser = await launch()
})
afterAll(() => browser.close())

const rows = (page: Page) => page.locator("tr[data-row]")
const focused = (page: Page) => page.evaluate(() => Number(document.activeElement?.closest("tr")?.getAttribute("aria-rowindex") ?? 0))
const shown = (page: Page) => rows(page).first().waitFor()

describe("a list of many rows", () => {
  it("draws the rows in sight, and is walked through by keyboard alone", async () => {
    const { context, page, complaints } = await signedIn(browser)
    await page.goto("/executions?live=off")
    await shown(page)
    await expect.poll(() => page.locator(".bar").innerText()).toContain("10,000+")
    await expect.poll(() => rows(page).count()).toBeLessThan(100)
    await page.keyboard.press("j")
    await expect.poll(() => focused(page)).toBe(2)
    await page.keyboard.press("j")
    await page.keyboard.press("j")
    await page.keyboard.press("k")
    await expect.poll(() => focused(page)).toBe(3)
    for (let i = 0; i < 12; i++) {
      const was = await focused(page)
      await page.keyboard.press("End")
      await page.waitForFunction((n) => Number(document.activeElement?.closest("tr")?.getAttribute("aria-rowindex") ?? 0) > n, was)
      await page.waitForTimeout(300)
    }
    await expect.poll(() => focused(page)).toBeGreaterThan(600)
    await expect.poll(() => rows(page).count()).toBeLessThan(100)
    await page.keyboard.press("Home")
    await page.waitForFunction(() => document.activeElement?.closest("tr")?.getAttribute("aria-rowindex") === "2")
    await page.keyboard.press("Space")
    await page.keyboard.press("Shift+ArrowDown")
    await page.keyboard.press("Shift+ArrowDown")
    await page.getByText("3 selected").waitFor()
    await expect.poll(() => page.locator('tr[aria-selected="true"]').count()).toBe(3)
    await page.keyboard.press("Escape")
    await page.getByText("3 selected").waitFor({ state: "detached" })
    await page.keyboard.press("Enter")
    await page.waitForURL(/\/executions\/exe_/)
    expect(complaints).toEqual([])
    await context.close()
  })

  it("is narrowed by chips that stand in the address, by a search in errors, and by cause", async () => {
    const { context, page, complaints } = await signedIn(browser)
    await page.goto("/executions?live=off")
    await shown(page)
    await page.getByLabel("status", { exact: true }).selectOption("failed")
    await page.waitForURL(/status=failed/)
    await page.waitForFunction(() => [...document.querySelectorAll("tr[data-row] .st")].every((e) => e.textContent === "failed"))
    await page.reload()
    await shown(page)
    expect(new Set(await page.locator("tr[data-row] .st").allInnerTexts())).toEqual(new Set(["failed"]))
    await page.keyboard.press("/")
    await page.keyboard.type("row 107 cannot")
    await page.waitForURL(/search=/)
    await page.getByText("1 match").waitFor()
    await expect.poll(() => rows(page).count()).toBe(1)
    await page.getByRole("button", { name: "Clear filters" }).click()
    await page.getByRole("button", { name: "By cause" }).click()
    const cause = page.getByRole("table", { name: "Errors by cause" }).getByRole("link").first()
    await cause.click()
    await page.waitForURL(/error_code=/)
    await shown(page)
    await page.goto("/executions?search=nothing+says+that")
    await page.getByRole("heading", { name: "Nothing matches" }).waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })

  it("narrows the list to a part of the chart, by pointer and by keyboard", async () => {
    const { context, page } = await signedIn(browser)
    await page.goto("/executions?live=off&span=30d")
    await shown(page)
    const chart = page.getByRole("slider")
    await page.waitForFunction(() => document.querySelectorAll(".histo .all").length === 60)
    const box = await chart.boundingBox()
    if (!box) throw new Error("no chart")
    await page.mouse.move(box.x + box.width * 0.3, box.y + 20)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.5, box.y + 20, { steps: 4 })
    await page.mouse.up()
    await page.waitForURL(/after=.*before=/)
    await shown(page)
    await chart.focus()
    await page.keyboard.press("Escape")
    await page.waitForURL((url) => !url.searchParams.has("after"))
    await page.keyboard.press("ArrowLeft")
    await page.keyboard.press("Enter")
    await page.waitForURL(/after=/)
    await context.close()
  })

  it("lets new rows wait while somebody reads further down", async () => {
    const { context, page } = await signedIn(browser)
    const provider = await send<{ id: string; api_key: string }>(context, "POST", "/v1/providers", { type: "webhooks", name: `Tail ${Date.now()}` })
    const source = await send<{ url: string }>(context, "POST", `/v1/providers/${provider.id}/sources`, { type: "webhook.payload", name: "Tail" })
    const deliver = async () => {
      const answer = await fetch(base() + new URL(source.url).pathname, {
        method: "POST",
        headers: { "Content-Type": "application/json", Authorization: `Bearer ${provider.api_key}` },
        body: "{}",
      })
      expect(answer.status).toBe(200)
    }
    await page.goto("/source-executions")
    await shown(page)
    const first = await rows(page).first().getAttribute("data-row")
    await deliver()
    await page.waitForFunction((id) => document.querySelector("tr[data-row]")?.getAttribute("data-row") !== id, first)
    await page.locator(".grid-box").evaluate((el) => el.scrollTo(0, 1000))
    await deliver()
    await deliver()
    await page.getByRole("button", { name: "2 new" }).click()
    await context.close()
  })

  it("keeps filters under a name, and does one thing to all that match", async () => {
    const { context, page, complaints } = await signedIn(browser)
    const name = `Mine ${Date.now()}`
    await page.goto("/executions?live=off&status=failed&kind=replay")
    await page.getByRole("button", { name: "Save these filters as a view" }).click()
    await page.getByLabel("Name").fill(name)
    await page.keyboard.press("Enter")
    await page.getByRole("link", { name }).waitFor()
    await page.goto("/executions?live=off")
    await page.getByRole("link", { name }).click()
    await page.waitForURL(/kind=replay/)
    await page.getByRole("button", { name: `Delete the view ${name}` }).click()
    await page.getByRole("link", { name }).waitFor({ state: "detached" })

    await page.goto("/executions?live=off&search=row+107+cannot")
    await shown(page)
    await page.keyboard.press("j")
    await page.keyboard.press("Space")
    await page.getByRole("region", { name: "What is selected" }).getByRole("button", { name: "Run again" }).click()
    await page.getByRole("button", { name: "Run 1 again" }).click()
    await page.getByText("None went well.").waitFor() // and it says why the seeded one could not
    await page.getByRole("list", { name: "What went wrong" }).waitFor()
    await page.getByRole("button", { name: "Done" }).click()
    expect(complaints).toEqual([])
    await context.close()
  })

  it("runs what came in before a processor did, and tries it out first", async () => {
    const { context, page, complaints } = await signedIn(browser)
    const provider = await send<{ id: string; api_key: string }>(context, "POST", "/v1/providers", { type: "webhooks", name: `Early ${Date.now()}` })
    const source = await send<{ id: string; url: string }>(context, "POST", `/v1/providers/${provider.id}/sources`, {
      type: "webhook.payload",
      name: "Early",
    })
    for (const id of ["7", "8"]) {
      const answer = await fetch(base() + new URL(source.url).pathname, {
        method: "POST",
        headers: { "Content-Type": "application/json", Authorization: `Bearer ${provider.api_key}` },
        body: JSON.stringify({ id }),
      })
      expect(answer.status).toBe(200)
    }
    const processor = await send<{ id: string; name: string }>(context, "POST", "/v1/processors", {
      provider_id: provider.id,
      name: `Early ${Date.now()}`,
      source_model: "webhook.payload",
    })
    const spec = "spec: 1\nsource_model: webhook.payload\ninstructions:\n  - {type: upsert_agent_external_identity, external_id: =event.id}\n"
    await send(context, "PUT", `/v1/processors/${processor.id}/spec`, spec, "application/yaml")
    await send(context, "PUT", `/v1/sources/${source.id}/processors`, [{ processor_id: processor.id }])
    await page.goto(`/processors/${processor.id}`)
    await page.getByRole("button", { name: "Enable", exact: true }).click()
    await page.getByRole("link", { name: /eliveries that came in before have not run/ }).click()
    await page.waitForURL(/not_run_by=/)
    await shown(page)
    await page.keyboard.press("j")
    await page.keyboard.press("Space")
    await page.keyboard.press("Shift+ArrowDown")
    await page.getByRole("region", { name: "What is selected" }).getByRole("button", { name: "Run" }).click()
    await page.getByText("The first 2 were tried out without writing: 2 would make something new.").waitFor()
    await page.getByRole("button", { name: "Run 2" }).click()
    await page.getByText("All 2 are done.").waitFor()
    await page.getByRole("button", { name: "Done" }).click()
    await expect.poll(() => rows(page).count()).toBe(0)
    expect(complaints).toEqual([])
    await context.close()
  })

  it("is exported with the same filters", async () => {
    const { context, page } = await signedIn(browser)
    await page.goto("/executions?live=off&search=row+107+cannot")
    await shown(page)
    const href = await page.getByRole("link", { name: "Export CSV" }).getAttribute("href")
    const answer = await context.request.get(href ?? "")
    const text = await answer.text()
    expect(text.split("\n").filter(Boolean).length).toBe(2)
    expect(text).toContain("error_code")
    expect(text).not.toContain("cannot be read")
    await context.close()
  })

  it("has no accessibility finding, in both themes, also narrow", async () => {
    for (const window of [{ theme: "light" }, { theme: "dark", width: 390, height: 800 }] as const) {
      const { context, page, complaints } = await signedIn(browser, window)
      for (const path of ["/executions", "/executions?by=cause", "/journal", "/activities", "/deliveries", "/source-executions"]) {
        await page.goto(path)
        await page.locator("tr[data-row], .tbl tbody tr").first().waitFor()
        expect(await violations(page), path).toEqual([])
        await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
      }
      expect(complaints).toEqual([])
      await context.close()
    }
  }, 240_000)

  it("answers filters fast (printed, not judged)", async () => {
    const { context } = await signedIn(browser)
    for (const query of ["", "status=failed", "changed=false", "search=row+107+cannot", "search=nothing+says+that", "kind=replay"]) {
      const from = performance.now()
      await context.request.get(`/v1/executions?per_page=100&${query}`)
      console.log(`executions?${query}: ${Math.round(performance.now() - from)} ms`)
    }
    await context.close()
  })
})

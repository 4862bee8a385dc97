// The Spec Builder, as a person uses it: by keyboard alone, with the mouse, with two people at once, and at 500 steps.
import type { Browser, BrowserContext, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { violations } from "./axe"
import { base, data, launch, paste, send, signedIn } from "./browser"

interface Made {
  id: string
  name: string
}

interface Instruction {
  type: string
  id: string
  [field: string]: unknown
}

interface Saved {
  version: number
  text: string
  tree: { instructions: Instruction[] }
}

let browser: Browser
let seen = 0
const unique = (word: string) => `${word} ${Date.now().toString(36)}${seen++}`

beforeAll(async () => {
  browser = await launch()
})
afterAll(() => browser.close())

const start = `spec: 1
source_model: webhook.payload
var: event
constants:
  - {name: prefix, type: string, default: Deal}
instructions:
  - type: upsert_agent_external_identity
    external_id: =event.agent_id
    return_as: agent
  - type: if_else
    condition: =equals(event.status, "won")
    then:
      - type: upsert_activity
        external_id: =event.id
        activity_type: =concat(prefix, " won")
        agent_external_identity: =agent
        moment: =parse_datetime(event.at)
    else: []
  - type: stop
    reason: done
`

// A processor with a source and one delivery, ready to be tried.
async function processor(context: BrowserContext, spec = start): Promise<Made> {
  const provider = await send<Made>(context, "POST", "/v1/providers", { type: "webhooks", name: unique("Builder") })
  const made = await send<Made>(context, "POST", "/v1/processors", {
    name: unique("Built"),
    provider_id: provider.id,
    source_model: "webhook.payload",
  })
  if (spec) await send(context, "PUT", `/v1/processors/${made.id}/spec`, spec, "application/yaml")
  return made
}

const open = async (page: Page, p: Made, query = "") => {
  await page.goto(`/processors/${p.id}/spec${query}`)
  await page.getByRole("tree", { name: "Steps" }).waitFor()
}
const steps = (page: Page) => page.getByRole("tree", { name: "Steps" })
const saved = (context: BrowserContext, p: Made) => data<Saved>(context, `/v1/processors/${p.id}/spec`)
const kept = (page: Page) => page.getByText(/^Draft kept/).waitFor()
const rows = (page: Page) => steps(page).getByRole("treeitem")

describe("the Spec Builder", () => {
  it("makes a whole spec by keyboard alone", async () => {
    const { context, page, complaints } = await signedIn(browser)
    const p = await processor(context, "")
    await open(page, p)
    const list = steps(page)
    for (let i = 0; i < 60 && !(await list.evaluate((el) => el === document.activeElement)); i++) await page.keyboard.press("Tab")
    await expect.poll(() => list.evaluate((el) => el === document.activeElement)).toBe(true)
    // An agent, by typing a part of its name.
    await page.keyboard.press("a")
    await page.keyboard.type("agent")
    await page.keyboard.press("Enter")
    await rows(page).first().waitFor()
    // The focus is in its first required field, which takes a formula.
    const inField = () =>
      expect.poll(() => page.evaluate(() => document.activeElement?.closest(".insp form, .insp .insp-form, .insp .slot") !== null)).toBe(true)
    await inField()
    await page.keyboard.type("=event.agent_id")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")
    await list.focus()
    // A block, and a step inside it.
    await page.keyboard.press("a")
    await page.keyboard.type("if")
    await page.keyboard.press("Enter")
    await expect.poll(() => rows(page).count()).toBeGreaterThanOrEqual(3)
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "")).toContain("Condition")
    await page.keyboard.type('=equals(event.status, "lost")')
    await page.keyboard.press("Enter")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")
    await list.focus()
    await page.keyboard.press("Shift+A")
    await page.keyboard.type("stop")
    await page.keyboard.press("Enter")
    await expect.poll(() => rows(page).count()).toBe(4)
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")
    await list.focus()
    await page.keyboard.press("Control+s")
    await page.getByText("Saved as version 1").waitFor()
    const { tree } = await saved(context, p)
    expect(tree.instructions.map((i) => i.type)).toEqual(["upsert_agent_external_identity", "if_else"])
    expect(tree.instructions[0]?.external_id).toEqual({ type: "var", var: "event.agent_id" })
    expect(((tree.instructions[1]?.then ?? []) as Instruction[]).map((i) => i.type)).toEqual(["stop"])
    expect(complaints).toEqual([])
    await context.close()
  })

  it("moves, switches off, duplicates and deletes by keys, and undoes all of it", async () => {
    const { context, page } = await signedIn(browser)
    const p = await processor(context)
    await open(page, p)
    await steps(page).focus()
    await page.keyboard.press("End")
    await page.keyboard.press("Alt+ArrowRight") // into the then of the block above
    await expect
      .poll(async () => (await rows(page).last().getAttribute("aria-level")) !== "1" || (await rows(page).nth(4).innerText()).includes("Stop"))
      .toBe(true)
    await page.keyboard.press("d")
    await rows(page).filter({ hasText: "off" }).first().waitFor()
    await page.keyboard.press("Control+d")
    await expect.poll(() => rows(page).filter({ hasText: "Stop" }).count()).toBe(2)
    await page.keyboard.press("Delete")
    await expect.poll(() => rows(page).filter({ hasText: "Stop" }).count()).toBe(1)
    await page.getByText("Deleted step").first().waitFor()
    await steps(page).focus()
    for (let i = 0; i < 4; i++) await page.keyboard.press("Control+z")
    await kept(page)
    await page.keyboard.press("Control+s")
    await page.getByText("Nothing changed, so there is no new version").waitFor()
    expect((await saved(context, p)).version).toBe(1)
    await context.close()
  })

  it("keeps the draft and what can be undone over a reload, and in another window", async () => {
    const { context, page } = await signedIn(browser)
    const p = await processor(context)
    await open(page, p)
    await steps(page).focus()
    await page.keyboard.press("End")
    await page.keyboard.press("Delete")
    await expect.poll(() => rows(page).filter({ hasText: "Stop" }).count()).toBe(0)
    await page.reload() // before anything could be kept on the server
    await steps(page).waitFor()
    await expect.poll(() => rows(page).filter({ hasText: "Stop" }).count()).toBe(0)
    await kept(page)
    const other = await context.newPage()
    await open(other, p)
    await expect.poll(() => rows(other).filter({ hasText: "Stop" }).count()).toBe(0)
    await other.close()
    await steps(page).focus()
    await page.keyboard.press("Control+z")
    await expect.poll(() => rows(page).filter({ hasText: "Stop" }).count()).toBe(1)
    expect((await saved(context, p)).version).toBe(1)
    await context.close()
  })

  it("takes steps from the clipboard as YAML, and gives them as such", async () => {
    const { context, page } = await signedIn(browser)
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: base() })
    const p = await processor(context)
    await open(page, p)
    await page.evaluate(() => navigator.clipboard.writeText('- type: fail\n  message: =concat("no ", event.id)\n- type: stop\n'))
    await steps(page).focus()
    await page.keyboard.press("Home")
    await page.keyboard.press("Control+v")
    await rows(page).filter({ hasText: "Fail" }).waitFor()
    await page.keyboard.press("End")
    await page.keyboard.press("Control+c")
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("- type: stop\n  reason: done\n")
    await page.keyboard.press("Control+x")
    await expect.poll(() => rows(page).filter({ hasText: "done" }).count()).toBe(0)
    await page.keyboard.press("Control+z")
    await page
      .getByText(/can be saved|warning/)
      .first()
      .waitFor()
    await page.keyboard.press("Control+s")
    await page.getByText("Saved as version 2").waitFor()
    expect((await saved(context, p)).tree.instructions.map((i) => i.type)).toEqual([
      "upsert_agent_external_identity",
      "fail",
      "stop",
      "if_else",
      "stop",
    ])
    await context.close()
  })

  it("refuses a place where a name would be missing, and says which", async () => {
    const { context, page } = await signedIn(browser)
    const p = await processor(context)
    await open(page, p)
    const first = await rows(page).first().boundingBox()
    const last = await rows(page).last().boundingBox()
    if (!first || !last) throw new Error("no rows")
    await page.mouse.move(first.x + 120, first.y + 10)
    await page.mouse.down()
    await page.mouse.move(first.x + 60, first.y + 60, { steps: 4 })
    await page.mouse.move(last.x + 30, last.y + last.height - 3, { steps: 6 })
    await page.getByText("Step 3 reads agent, which would not be there.").first().waitFor()
    await page.mouse.up()
    await expect.poll(() => rows(page).first().innerText()).toContain("Upsert agent")
    // By keyboard as well.
    await steps(page).focus()
    await page.keyboard.press("Home")
    await page.keyboard.press("Alt+ArrowDown")
    await page.getByText("which would not be there").first().waitFor()
    await expect.poll(() => rows(page).first().innerText()).toContain("Upsert agent")
    // It is told once however often it is tried, and not as something done.
    await page.keyboard.press("Alt+ArrowDown")
    const notice = page.locator(".toast").filter({ hasText: "which would not be there" })
    await expect.poll(() => notice.count()).toBe(1)
    await expect.poll(() => notice.getAttribute("role")).toBe("alert")
    await context.close()
  })

  it("adds a step with the focus nowhere, goes to the field of a problem, and stays there over a quick fix", async () => {
    const { context, page } = await signedIn(browser)
    const p = await processor(context)
    const wrong = start.replace("moment: =parse", "value: =evemt.worth\n        moment: =parse")
    await send(context, "PUT", `/v1/processors/${p.id}/draft?base_version=1`, wrong, "application/yaml")
    await open(page, p)
    await page.getByRole("list", { name: "Problems" }).getByText("evemt").first().waitFor()
    await page.keyboard.press("a")
    await page.keyboard.type("stop")
    await page.keyboard.press("Enter")
    await expect.poll(() => rows(page).filter({ hasText: "Stop" }).count()).toBe(2)
    await page.getByRole("button", { name: /^Undo/ }).first().click()
    await page.getByRole("list", { name: "Problems" }).getByText("evemt").first().waitFor()

    // What a new step lacks is no problem until its field is left.
    const found = page.getByRole("list", { name: "Problems" }).getByRole("listitem")
    await steps(page).focus()
    await page.keyboard.press("Home")
    await page.keyboard.press("a")
    await page.keyboard.type("upsert activity")
    await page.keyboard.press("Enter")
    await page.locator(".insp-form [data-field=external_id] .hole:focus").waitFor()
    await page.getByText(/Draft, 2 changes/).waitFor()
    await page.locator(".probs:not(.is-old)").waitFor()
    await expect.poll(() => found.count()).toBe(1)
    await page.locator(".insp-form [data-field=activity_type] .hole").focus()
    await expect.poll(() => found.count()).toBe(2)
    await steps(page).focus()
    await page.keyboard.press("Home")
    await expect.poll(() => found.count()).toBe(5)
    await page.getByRole("button", { name: /^Undo/ }).first().click()
    await expect.poll(() => found.count()).toBe(1)
    const value = page.locator(".insp-form [data-field=value]")
    await page.keyboard.press("F8")
    await expect.poll(() => value.locator("[data-path='[]']:focus").count()).toBe(1)
    await value.locator(".btn-fix").waitFor()
    await page.locator(".probs:not(.is-old)").waitFor() // a fix is of what stands there now
    await page.keyboard.press("Control+.")
    await expect.poll(() => value.locator("[data-path='[]']:focus").innerText()).toContain("event.worth")
    await expect.poll(() => value.locator(".btn-fix").count()).toBe(0)
    await expect.poll(() => value.locator("[data-path='[]']:focus").count()).toBe(1)

    // While a check runs the key waits for what it says.
    await page.getByRole("button", { name: /^Undo/ }).first().click()
    await page.getByRole("list", { name: "Problems" }).getByText("evemt").first().waitFor()
    await page.locator(".probs:not(.is-old)").waitFor()
    let answer = () => {}
    const held = new Promise<void>((go) => {
      answer = go
    })
    await page.route("**/spec/check*", async (r) => {
      await held
      await r.continue()
    })
    await steps(page).focus()
    await page.keyboard.press("End")
    await page.keyboard.press("d")
    await page.locator(".probs.is-old").waitFor()
    await page.keyboard.press("Control+.")
    await page.keyboard.press("Control+.")
    expect(await page.locator(".probs.is-old").count()).toBe(1)
    answer()
    await page.getByText("No problems. It can be saved.").waitFor()
    await page.getByText(/Draft, 2 changes/).waitFor() // the switch and one fix
    await context.close()
  })

  it("mends all problems of a kind as one step", async () => {
    const { context, page } = await signedIn(browser)
    const p = await processor(context)
    const wrong = start.replaceAll("=event.", "=evemt.").replace("=agent\n", "=nobody\n")
    await send(context, "PUT", `/v1/processors/${p.id}/draft?base_version=1`, wrong, "application/yaml")
    await open(page, p)
    const found = page.getByRole("list", { name: "Problems" }).getByRole("listitem")
    await page.locator(".probs:not(.is-old)").waitFor()
    await found.filter({ hasText: "nobody" }).getByRole("button", { name: "Write agent" }).waitFor() // what fits there
    const all = await found.count()
    expect(await violations(page, { within: ".drawer" })).toEqual([])
    await page.getByRole("button", { name: /^Fix all [3-9]/ }).click()
    await expect.poll(() => found.filter({ hasText: /evemt|nobody/ }).count()).toBe(0)
    await page.getByRole("button", { name: /^Undo/ }).first().click()
    await expect.poll(() => found.count()).toBe(all)
    await context.close()
  })

  it("says of a test that fails what it expected and what came, whole", async () => {
    const { context, page, complaints } = await signedIn(browser)
    const test = `tests:
  - name: a won deal
    given: {id: o1, agent_id: 7, status: won, at: "2026-11-19 16:20:00"}
    expect: {outcome: skipped, activities: [{external_id: o1, activity_type: Deal lost, agent_external_identity: 7}]}
`
    const p = await processor(context, start + test)
    await page.goto(`/processors/${p.id}/spec?tab=tests`)
    const table = page.getByRole("table", { name: "a won deal: expected and got" })
    await expect.poll(() => table.getByRole("row").filter({ hasText: "activity_type" }).innerText()).toMatch(/differs:.*Deal lost.*Deal won/s)
    await expect.poll(() => table.getByRole("row").filter({ hasText: "agent_external_identity" }).innerText()).toMatch(/7.*7/s)
    await expect.poll(() => table.getByText("differs:").count()).toBe(1)
    expect(await violations(page, { within: ".spts" })).toEqual([])
    expect(complaints).toEqual([])
    await context.close()
  })

  it("tells that somebody else saved meanwhile, and loses neither", async () => {
    const { context, page } = await signedIn(browser)
    const p = await processor(context)
    await open(page, p)
    await steps(page).focus()
    await page.keyboard.press("End")
    await page.keyboard.press("d")
    await send(context, "PUT", `/v1/processors/${p.id}/spec`, start.replace("reason: done", "reason: theirs"), "application/yaml")
    await page.keyboard.press("Control+s")
    await page.getByText("saved version 2 while you were at work").waitFor()
    await page.getByRole("button", { name: "View what changed" }).click()
    await page.getByRole("dialog").getByText("theirs").waitFor()
    await page.keyboard.press("Escape")
    expect((await saved(context, p)).version).toBe(2)
    await page.getByRole("button", { name: "Keep mine" }).click()
    await page.keyboard.press("Control+s")
    await page.getByText("Saved as version 3").waitFor()
    const { tree } = await saved(context, p)
    expect(tree.instructions[2]?.disabled).toBe(true)
    await context.close()
  })

  it("reads YAML both ways, keeps what does not read, and refuses to save it", async () => {
    const { context, page } = await signedIn(browser)
    const p = await processor(context)
    await page.goto(`/processors/${p.id}/spec?tab=yaml`)
    const editor = page.getByRole("textbox", { name: "Spec as YAML" })
    await editor.getByText("upsert_agent_external_identity").waitFor()
    await editor.fill(start.replace("reason: done", "reason: as text"))
    await page.getByRole("tab", { name: "Steps" }).click()
    await rows(page).filter({ hasText: "as text" }).waitFor()
    await page.getByRole("tab", { name: "YAML" }).click()
    await editor.fill("spec: 1\ninstructions: [")
    await page.getByRole("list", { name: "Problems" }).getByRole("listitem").first().waitFor()
    await page.keyboard.press("Control+s")
    await page
      .getByText(/^Not saved: [1-9]/)
      .first()
      .waitFor()
    expect((await saved(context, p)).version).toBe(1)
    // The steps cannot be changed meanwhile, so that the draft stays what was typed, over a reload too.
    await page.getByRole("tab", { name: "Steps" }).click()
    await page.getByText("The YAML does not read yet").first().waitFor()
    await steps(page).focus()
    await page.keyboard.press("End")
    await page.keyboard.press("d")
    await page.getByText("mend it or drop it").waitFor()
    await page.reload()
    await page.getByRole("button", { name: "Mend the YAML" }).click()
    await editor.getByText("instructions: [").waitFor()
    // Dropping it can be undone.
    await page.getByRole("tab", { name: "Steps" }).click()
    await page.getByRole("button", { name: "Drop it" }).click()
    await expect.poll(() => page.getByText("The YAML does not read yet").count()).toBe(0)
    await page.getByRole("button", { name: "Undo: Drop the YAML that does not read" }).click()
    await page.getByRole("button", { name: "Mend the YAML" }).click()
    await editor.getByText("instructions: [").waitFor()
    // A save that is good takes away what the last one said.
    await page.keyboard.press("Control+s")
    await page
      .getByText(/^Not saved: [1-9]/)
      .first()
      .waitFor()
    await paste(editor, start.replace("reason: done", "reason: as text"))
    await page
      .getByText(/can be saved|warning/)
      .first()
      .waitFor()
    await page.keyboard.press("Control+Shift+s")
    await page.getByRole("textbox", { name: "Note" }).fill("Why it stops")
    await page.keyboard.press("Enter")
    await page.getByText("Saved as version 2").waitFor()
    await expect.poll(() => page.getByText(/^Not saved: [1-9]/).count()).toBe(0)
    await page.getByRole("tab", { name: "History" }).click()
    await page.getByText("Why it stops").first().waitFor()
    await context.close()
  })

  it("gives a default the control of its type, refuses what is no fixed value at its place, and fetches for a name alone", async () => {
    const { context, page } = await signedIn(browser)
    const p = await processor(context)
    // No source that is there yet fetches anything: here the model says it does.
    await page.route("**/v1/spec-library*", async (route) => {
      const answer = await route.fetch()
      const body = (await answer.json()) as { data: { source_models: { name: string; enrichments: unknown[] }[] } }
      const model = body.data.source_models.find((m) => m.name === "webhook.payload")
      model?.enrichments.push({ use: "contact", of: "", type: { kind: "object" } }, { use: "company", of: "contact", type: { kind: "object" } })
      await route.fulfill({ response: answer, json: body })
    })
    await open(page, p)
    const dialog = page.getByRole("dialog")
    const done = dialog.getByRole("button", { name: "Done" })
    await page.getByRole("button", { name: "Add constant", exact: true }).click()
    await dialog.getByLabel("Name").fill("rate")
    await dialog.getByLabel("Type").selectOption("number")
    const hole = dialog.locator(".slot .hole")
    await hole.click()
    await page.keyboard.type("=event.id")
    await page.keyboard.press("Enter")
    await dialog.getByRole("alert").filter({ hasText: "a fixed value" }).waitFor()
    await page.keyboard.press("Control+a")
    await page.keyboard.type("much")
    await page.keyboard.press("Enter")
    await dialog.getByText("number is asked for").waitFor()
    await expect.poll(() => done.isDisabled()).toBe(true)
    await page.keyboard.press("Delete")
    await page.keyboard.type("12345678901234567890.5")
    await page.keyboard.press("Enter")
    await expect.poll(() => done.isEnabled()).toBe(true)
    await done.click()
    await expect.poll(() => dialog.count()).toBe(0)
    await page.getByRole("button", { name: "Add constant", exact: true }).click()
    await dialog.getByLabel("Name").fill("stages")
    await dialog.getByLabel("Type").selectOption("table<string>")
    await dialog.getByRole("button", { name: "One more row" }).click()
    await page.keyboard.type("won")
    await hole.click()
    await page.keyboard.type("accepted")
    await page.keyboard.press("Enter")
    await expect.poll(() => done.isEnabled()).toBe(true)
    await done.click()
    await expect.poll(() => dialog.count()).toBe(0)
    await page.keyboard.press("Control+s")
    await page.getByText(/^Saved as version 2/).waitFor()
    // The notice takes no room, stands in the window and never over what has the focus, at any width.
    for (const width of [1440, 1024, 390]) {
      await page.setViewportSize({ width, height: 800 })
      const edges = () =>
        page.evaluate(() => {
          const [app, notes] = [".app", ".toasts"].map((s) => document.querySelector(s)?.getBoundingClientRect())
          return app && notes && [app.bottom === innerHeight, notes.height > 30, notes.bottom <= innerHeight, notes.right <= innerWidth]
        })
      await expect.poll(edges).toEqual([true, true, true, true])
    }
    await page.setViewportSize({ width: 1440, height: 900 })
    const { text } = await saved(context, p)
    expect(text).toContain("12345678901234567890.5")
    expect(text).toMatch(/stages, type: table<string>, default: {won: accepted}/)

    // With a note: the key of Save saves it, wherever in the dialog the focus is.
    await steps(page).focus()
    await page.keyboard.press("End")
    await page.keyboard.press("d")
    await page.keyboard.press("Control+Shift+S")
    await dialog.getByLabel("Note").fill("off for now")
    await dialog.getByRole("button", { name: "Cancel" }).focus()
    await page.keyboard.press("Control+s")
    await page.getByText(/^Saved as version 3/).waitFor()
    const [newest] = await data<{ version: number; note: string }[]>(context, `/v1/processors/${p.id}/versions`)
    expect(newest).toMatchObject({ version: 3, note: "off for now" })

    await page.getByRole("button", { name: "Add enrichment", exact: true }).click()
    await dialog.locator(".slot button[data-path]").click()
    await page.keyboard.press("Control+a")
    await page.keyboard.type("=concat(event)")
    await page.keyboard.press("Enter")
    await dialog.getByRole("alert").filter({ hasText: "a name alone" }).waitFor()
    await page.keyboard.press("Escape")
    // What the server does not know is refused at the field that says it.
    await dialog.getByText("has no enrichment contact").waitFor()
    await expect.poll(() => done.isDisabled()).toBe(true)
    await context.close()
  })

  it("loses no key that is typed right after a step is added, however slow the page", async () => {
    const { context, page } = await signedIn(browser)
    const p = await processor(context)
    await open(page, p)
    const slow = await context.newCDPSession(page)
    await slow.send("Emulation.setCPUThrottlingRate", { rate: 12 })
    await steps(page).focus()
    await page.keyboard.press("End")
    await page.keyboard.press("a")
    await page.keyboard.type("agent")
    await page.keyboard.press("Enter")
    await page.keyboard.type("=event.typed_at_once")
    await page.keyboard.press("Enter")
    await slow.send("Emulation.setCPUThrottlingRate", { rate: 1 })
    await rows(page).filter({ hasText: "event.typed_at_once" }).waitFor()
    // Coming back to the step later leaves the focus in the list.
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")
    await steps(page).focus()
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("ArrowDown")
    await page.getByText("step 5", { exact: true }).first().waitFor()
    await expect.poll(() => steps(page).evaluate((el) => el === document.activeElement)).toBe(true)
    // Its name is asked for where it stands.
    await page.keyboard.press("F2")
    await page.keyboard.type("me")
    await page.keyboard.press("Enter")
    await rows(page).filter({ hasText: "me" }).last().waitFor()
    await context.close()
  })

  it("takes a step up, moves it and puts it down by keys, says where, and leaves it where it was on Escape", async () => {
    const { context, page } = await signedIn(browser)
    const p = await processor(context)
    await open(page, p)
    await steps(page).focus()
    await page.keyboard.press("End")
    await page.keyboard.press("Space")
    const said = page.locator(".steps [role=status]")
    await said.getByText("Took up step 4").waitFor({ state: "attached" })
    await page.keyboard.press("ArrowRight")
    await said.getByText(/of step 2|After step 3/).waitFor({ state: "attached" })
    await page.keyboard.press("Escape")
    await said.getByText("Left where it was.").waitFor({ state: "attached" })
    await expect.poll(() => rows(page).last().innerText()).toContain("Stop")
    await page.keyboard.press("Space")
    await page.keyboard.press("Home")
    await page.keyboard.press("Space")
    await said.getByText("Put down: At the beginning").waitFor({ state: "attached" })
    await expect.poll(() => rows(page).first().innerText()).toContain("Stop")
    // The agent cannot go behind what reads it.
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Space")
    await page.keyboard.press("End")
    await said.getByText("not possible").waitFor({ state: "attached" })
    await page.keyboard.press("Space")
    await said.getByText("It cannot be put down here").waitFor({ state: "attached" })
    await page.keyboard.press("Escape")
    await expect.poll(() => rows(page).nth(1).innerText()).toContain("Upsert agent")
    await context.close()
  })

  it("has panels that keys and the mouse resize, and remembers how", async () => {
    const { context, page } = await signedIn(browser)
    const p = await processor(context)
    await open(page, p)
    const inspector = page.getByRole("region", { name: "Inspector" })
    const width = async () => Math.round((await inspector.boundingBox())?.width ?? 0)
    await expect.poll(() => width()).toBe(412)
    const edge = page.getByRole("separator", { name: "Width of the inspector" })
    await edge.focus()
    await page.keyboard.press("ArrowLeft")
    await expect.poll(width).toBe(428)
    await expect.poll(() => edge.getAttribute("aria-valuenow")).toBe("428")
    const at = await edge.boundingBox()
    if (!at) throw new Error("no edge")
    await page.mouse.move(at.x + 4, at.y + 300)
    await page.mouse.down()
    await page.mouse.move(at.x - 96, at.y + 300, { steps: 4 })
    await page.mouse.up()
    await expect.poll(width).toBe(528)
    await page.reload()
    await expect.poll(width).toBe(528)
    await edge.focus()
    await page.keyboard.press("Enter")
    await expect.poll(width).toBe(412)
    await context.close()
  })

  it("stays fluent at 500 steps", async () => {
    const { context, page } = await signedIn(browser)
    const many = Array.from(
      { length: 249 },
      (_, i) => `  - type: if_else
    condition: =equals(event.n, ${i})
    then:
      - type: upsert_activity
        external_id: =concat("a ", event.id, " ${i}")
        activity_type: Step ${i}
        agent_external_identity: =agent
        moment: =parse_datetime(event.at)
`,
    )
    const p = await processor(
      context,
      `spec: 1\nsource_model: webhook.payload\nvar: event\ninstructions:\n  - type: upsert_agent_external_identity\n    external_id: =event.agent_id\n    return_as: agent\n${many.join("")}  - type: stop\n`,
    )
    await open(page, p)
    await steps(page).focus()
    await page.keyboard.press("Home")
    await expect.poll(() => rows(page).count()).toBeLessThan(120) // only what is in sight is drawn
    await page.evaluate(() => {
      const w = window as unknown as { frames: number[] }
      w.frames = []
      let last = performance.now()
      const tick = (now: number) => {
        w.frames.push(now - last)
        last = now
        requestAnimationFrame(tick)
      }
      requestAnimationFrame(tick)
    })
    for (let i = 0; i < 40; i++) await page.keyboard.press("ArrowDown")
    for (let i = 0; i < 6; i++) await page.keyboard.press("d")
    await page.keyboard.press("Control+d")
    await page.keyboard.press("Alt+ArrowUp")
    await page.keyboard.press("Control+z")
    await page.keyboard.press("End")
    await rows(page).filter({ hasText: "Stop" }).waitFor()
    const frames = await page.evaluate(() => (window as unknown as { frames: number[] }).frames.toSorted((a, b) => a - b))
    const at = (share: number) => Math.round(frames[Math.floor(frames.length * share)] ?? 0)
    console.log(`500 steps: ${frames.length} frames, median ${at(0.5)} ms, 95 % ${at(0.95)} ms, longest ${at(0.9999)} ms`)
    await context.close()
  })
})

// The six steps, from an install with nothing in it to a record with its trace, as a person does them: in the language of
// DEALWRIGHT_LANGUAGE, against the server of DEALWRIGHT_URL, which has no owner yet. With DEALWRIGHT_PICTURES it leaves the
// pictures of the guide in that folder.
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, expect, it } from "vitest"
import nl from "../src/text/nl"
import { violations } from "./axe"
import { base, launch, paste, watched } from "./browser"
import { picture } from "./picture"

const language = process.env.DEALWRIGHT_LANGUAGE === "nl" ? "nl" : "en"

// say is a text of the pages in the language at hand.
function say(english: string, values: Record<string, string> = {}): string {
  const text = language === "nl" ? nl[english] : english
  if (!text) throw new Error(`there is no Dutch for ${english}`)
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "")
}

const spec = `spec: 1
source_model: webhook.payload
var: event
constants:
  - name: kind
    type: string
instructions:
  - type: upsert_agent_external_identity
    external_id: =event.agent
    external_name: =event.agent_name
    return_as: agent
  - type: upsert_activity
    external_id: =event.id
    activity_type: =kind
    agent_external_identity: =agent
    moment: =parse_datetime(event.at)
`

let browser: Browser
beforeAll(async () => {
  browser = await launch()
})
afterAll(() => browser.close())

const button = (page: Page, english: string, values?: Record<string, string>) => page.getByRole("button", { name: say(english, values), exact: true })
const heading = (page: Page, name: string) => page.getByRole("heading", { name, level: 1, exact: true })

// show leaves a picture of a step for the guide, where they are asked for.
async function show(page: Page, step: string) {
  const folder = process.env.DEALWRIGHT_PICTURES
  if (folder) await picture(page, `${folder}/${language}-${step}.webp`)
}

// nothing that is read is in the other language: what is shown twice the same is a name or a code.
async function noEnglish(page: Page) {
  if (language !== "nl") return
  const shown = (await page.locator("main").innerText()).split("\n").map((line) => line.trim())
  const english = new Set(Object.entries(nl).flatMap(([key, dutch]) => (key !== dutch && key.length > 6 ? [key] : [])))
  expect(shown.filter((line) => english.has(line))).toEqual([])
}

it("goes from an empty install to a record and its trace", { timeout: 180_000 }, async () => {
  const context = await browser.newContext({
    baseURL: base(),
    viewport: { width: 1240, height: 780 },
    locale: language === "nl" ? "nl-NL" : "en-GB",
    reducedMotion: "reduce",
  })
  const { page, complaints } = await watched(context)

  // The first owner.
  await page.goto("/")
  await heading(page, say("Set up Dealwright")).waitFor()
  await expect.poll(() => page.evaluate(() => document.documentElement.lang)).toBe(language)
  expect(await violations(page)).toEqual([])
  await page.getByLabel(say("Organisation")).fill("Havenlicht Energie")
  await page.getByLabel(say("Your name")).fill("Sanne de Vries")
  await page.getByLabel(say("E-mail")).fill("sanne@havenlicht.example")
  await page.getByRole("textbox", { name: say("Password") }).fill("correct horse battery staple")
  await page.keyboard.press("Enter")

  // 1. A provider: the type first, its form from its declaration, tried out, its key once; it lands on its page.
  await page.getByText(say("Let the first deal arrive")).waitFor()
  expect(await violations(page)).toEqual([])
  await noEnglish(page)
  await page.getByRole("link", { name: say("New provider") }).click()
  await page
    .getByRole("list", { name: say("Types") })
    .getByRole("button")
    .first()
    .waitFor()
  await page.keyboard.press("Enter") // the first type has the focus
  await page
    .getByLabel(/^(Name|Naam)/)
    .last()
    .fill("Webshop")
  await button(page, "Test connection").last().click()
  await page.getByRole("status").filter({ hasText: base() }).waitFor()
  await show(page, "provider")
  await button(page, "Create provider").click()
  const key = await page.locator(".dialog code").first().innerText()
  await page.getByRole("checkbox", { name: say("I have copied the key") }).check()
  await button(page, "Done").click()
  await heading(page, "Webshop").waitFor()
  expect(new URL(page.url()).pathname).toMatch(/^\/providers\/prv_/)
  expect(await page.locator("body").innerText()).not.toContain(key)

  // 2. A source, in a sheet of its own URL, which waits for its first call.
  await button(page, "New source").first().click()
  await page
    .getByLabel(/^(Name|Naam)/)
    .last()
    .fill("Orders")
  await button(page, "Create source").click()
  const sheet = page.getByRole("complementary", { name: "Orders" })
  await sheet.getByText(say("Waiting for the first call.")).waitFor()
  expect(new URL(page.url()).searchParams.get("source")).toMatch(/^src_/)
  const url = await sheet.locator(".copy code").first().innerText()
  expect(url).toContain(`${base()}/in/src_`)
  await show(page, "source")
  expect(await violations(page)).toEqual([])
  await noEnglish(page)

  // 3. and 4. A processor, made where it is linked.
  await button(sheet as unknown as Page, "New processor").click()
  await page
    .getByRole("dialog")
    .getByLabel(/^(Name|Naam)/)
    .fill("Orders → activities")
  await show(page, "processor")
  await button(page, "Create processor").click()
  const edit = sheet.getByRole("link", { name: say("Edit spec of {name}", { name: "Orders → activities" }) })
  await edit.waitFor()
  const source = page.url()

  // Something comes in while nothing runs yet: it is stored, and seen without reloading.
  const send = (id: string, auth = key) =>
    fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${auth}` },
      body: JSON.stringify({ id, agent: "u7", agent_name: "Daan", at: "2026-11-19 16:20:00", customer: { email: "jan@klant.example" } }),
    })
  for (const id of ["o1", "o2", "o3"]) expect((await send(id)).status).toBe(200)
  await sheet.getByText(say("Waiting for the first call.")).waitFor({ state: "detached" })

  // What looks like personal data is marked with one click.
  await page.reload()
  await sheet
    .getByRole("button", { name: say("Mark as {kind}", { kind: say("e-mail address") }) })
    .first()
    .click()
  await sheet.getByRole("button", { name: say("No longer mark {path}", { path: "customer.email" }) }).waitFor()
  expect(await violations(page)).toEqual([])
  await noEnglish(page)

  // 5. The spec. Without one the processor will not be enabled: it says why and leads there.
  await sheet.getByRole("link", { name: "Orders → activities", exact: true }).click()
  await heading(page, "Orders → activities").waitFor()
  await button(page, "Enable").click()
  await page.getByRole("dialog").getByText(say("Its spec is empty. Save one first.")).waitFor()
  await page
    .getByRole("dialog")
    .getByRole("link", { name: say("To its spec") })
    .click()
  await page.waitForURL(/\/processors\/prc_\w+\/spec/)
  await page.getByRole("tab", { name: "YAML" }).click()
  await expect.poll(() => page.locator(".cm-content").innerText()).toContain("source_model") // what is there is shown before it is replaced
  await paste(page.locator(".cm-content"), spec)
  const saved = page.waitForResponse((r) => r.request().method() === "PUT" && /\/spec$/.test(new URL(r.url()).pathname))
  await page.keyboard.press("Control+s")
  expect((await saved).status()).toBe(200)
  await page.getByText(say("Saved as version {n}", { n: "1" })).waitFor()

  // The link lacks the constant that the spec asks for: it is given on the link.
  await page.goto(source)
  await sheet.getByText(say("incomplete")).waitFor()
  await sheet.getByLabel(/^kind/).fill("Order")
  await show(page, "link")
  await button(sheet as unknown as Page, "Save values").click()
  await sheet.getByText(say("incomplete")).waitFor({ state: "detached" })

  // With its value the builder tells what each step would do for a delivery that came.
  await edit.click()
  const written = page.getByRole("treeitem").filter({ hasText: say("new") })
  await written.nth(1).click()
  await page
    .getByRole("region", { name: say("Inspector") })
    .getByRole("textbox")
    .first()
    .waitFor()
  await show(page, "spec")
  await page.goto(source)

  // 6. Test on what is stored, then enable.
  await edit.waitFor()
  await sheet.getByRole("link", { name: "Orders → activities", exact: true }).click()
  await button(page, "Test").click()
  await button(page, "Run test").click()
  await page.waitForURL(/\/executions\/exe_/)
  await page.getByText("o3").first().waitFor()
  await show(page, "trace")
  await page.goBack()
  await button(page, "Enable").click()
  await button(page, "Disable").waitFor()
  expect((await send("o4")).status).toBe(200)
  await page.keyboard.press("g")
  await page.keyboard.press("r")
  await heading(page, say("Activities")).waitFor()
  await page.getByText("o4").first().waitFor()
  await noEnglish(page)

  // Every call is on the page of webhooks, the refused one too.
  expect((await send("o5", "not the key")).status).toBe(401)
  expect(
    (await fetch(url, { method: "POST", headers: { "Content-Type": "application/json", Authorization: `Bearer ${key}` }, body: "{oops" })).status,
  ).toBe(400)
  await page.getByRole("link", { name: say("Webhooks") }).click()
  await page.getByText("400").first().waitFor()
  await page
    .getByText(/1 (call|aanroep)\b/)
    .first()
    .waitFor()
  await button(page, "New key for {name}", { name: "Webshop" }).waitFor()
  expect(await violations(page)).toEqual([])
  await noEnglish(page)

  // What was wrong with the key, and nothing that was sent; the log narrows to the refused and to the taken.
  await page.getByRole("combobox", { name: say("answer") }).selectOption("failed")
  await page.getByRole("row", { name: /401/ }).first().click()
  const told = page.getByRole("complementary")
  await told.getByText(say("It did not get past the door, so what it sent was not read and is not kept.")).waitFor()
  await told.getByText("application/json").waitFor()
  await told.getByText("127.0.0.1").waitFor()
  await told.getByText(language === "nl" ? /^De sleutel is er geen van deze provider/ : /^The key is none of this provider/).waitFor()
  expect(await violations(page)).toEqual([])
  await noEnglish(page)
  await page.getByRole("combobox", { name: say("answer") }).selectOption("succeeded")
  await page.getByRole("row", { name: /200/ }).first().click()
  await told.getByRole("link", { name: say("What it delivered") }).click()
  await page.waitForURL(/\/deliveries\?.*source_execution_id=sex_/)
  await page
    .getByRole("row", { name: /Orders/ })
    .first()
    .waitFor()
  await noEnglish(page)

  // Row actions of the source lead where they say.
  await page.goto(new URL(source).pathname)
  await button(page, "Actions for {name}", { name: "Orders" }).click()
  for (const name of ["Edit", "View processor executions", "View source executions", "Delete"])
    await page.getByRole("menuitem", { name: say(name), exact: true }).waitFor()
  await page.getByRole("menuitem", { name: say("View processor executions") }).click()
  await page.waitForURL(/\/executions\?.*source_id=src_/)
  await noEnglish(page)

  // Anything is found by any id of it.
  await page.keyboard.press("Control+k")
  await page.getByRole("combobox", { name: say("Page, name or any id") }).fill("o4")
  await page.getByRole("option", { name: /^o4/ }).first().waitFor()
  await page.keyboard.press("Enter")
  await heading(page, "o4").waitFor()

  // The first run is over: home is what runs.
  await page.goto("/")
  await page.getByRole("heading", { name: say("Pulse") }).waitFor()
  expect(complaints).toEqual([])
  await context.close()
})

// What the server says to somebody who works in Dutch: to a mistake in a form, in a spec, of a run, and to a question.
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { data, launch, paste, send, signedIn } from "./browser"

interface Made {
  id: string
  name: string
}

let browser: Browser
let seen = 0
const unique = (word: string) => `${word} ${Date.now().toString(36)}${seen++}`

beforeAll(async () => {
  browser = await launch()
})
afterAll(() => browser.close())

const spec = `spec: 1
source_model: webhook.payload
instructions:
  - type: upsert_team_external_identity
    external_id: =evnt.team
`

const says = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor()

describe("what the server says", () => {
  it("is Dutch in a form and in a spec that have mistakes", async () => {
    const { context, page } = await signedIn(browser, { locale: "nl-NL" })
    const provider = await send<Made>(context, "POST", "/v1/providers", { type: "webhooks", name: unique("Fouten") })

    await page.goto("/account")
    await page.getByLabel("Huidig wachtwoord").fill("not the one it is")
    await page.getByLabel("Nieuw wachtwoord").first().fill("long enough to be one")
    await page.getByRole("button", { name: "Wachtwoord wijzigen" }).click()
    await says(page, "Dit is niet je huidige wachtwoord.")

    const processor = await send<Made>(context, "POST", "/v1/processors", {
      name: unique("Verwerking"),
      provider_id: provider.id,
      source_model: "webhook.payload",
    })
    await page.goto(`/processors/${processor.id}/spec?tab=yaml`)
    const editor = page.locator(".cm-content").first()
    await editor.waitFor()
    await paste(editor, spec)
    await says(page, "hier is geen naam evnt")
    await says(page, /Bedoelde je event\?/)
    await expect.poll(() => page.getByText(/there is no name|Did you mean/).count()).toBe(0)
    await context.close()
  })

  it("is Dutch for a step that failed, and for what is not there", async () => {
    const { context, page } = await signedIn(browser, { locale: "nl-NL" })
    const provider = await send<Made & { api_key: string }>(context, "POST", "/v1/providers", { type: "webhooks", name: unique("Fouten") })
    const source = await send<Made>(context, "POST", `/v1/providers/${provider.id}/sources`, { type: "webhook.payload", name: "Teams" })
    const processor = await send<Made>(context, "POST", "/v1/processors", {
      name: unique("Verwerking"),
      provider_id: provider.id,
      source_model: "webhook.payload",
    })
    await send(context, "PUT", `/v1/processors/${processor.id}/spec`, spec.replace("evnt", "event"), "application/yaml")
    await send(context, "POST", `/v1/processors/${processor.id}/enable`, {})
    await send(context, "PUT", `/v1/sources/${source.id}/processors`, [{ processor_id: processor.id }])
    const taken = await context.request.post(`/in/${source.id}`, { headers: { Authorization: `Bearer ${provider.api_key}` }, data: { team: null } })
    expect(taken.status()).toBe(200)
    const [failed] = await data<Made[]>(context, `/v1/executions?processor_id=${processor.id}`)
    await page.goto(`/executions/${failed?.id}`)
    await says(page, "external_id is er niet, en het is verplicht")
    await expect.poll(() => page.getByText(/and it is required|Check that the sender/).count()).toBe(0)

    await page.goto("/why?kind=sale&external_id=never-seen")
    await says(page, /Verkoop “never-seen” is er niet\./)
    await context.close()
  })
})

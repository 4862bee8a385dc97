// A signed-in browser against the server under test, and a second way in, over the API, to put things there.
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from "playwright-core"
import { inject } from "vitest"

function need(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`Set ${name}: the browser tests use a running server (DEALWRIGHT_URL, DEALWRIGHT_EMAIL, DEALWRIGHT_PASSWORD).`)
  return value
}

export const base = () => need("DEALWRIGHT_URL").replace(/\/$/, "")
export const owner = () => ({ email: need("DEALWRIGHT_EMAIL"), password: need("DEALWRIGHT_PASSWORD") })

// launch is the Chromium of this run; to close it closes the windows of the file alone.
export async function launch(): Promise<Browser> {
  return chromium.connect(inject("chromium"))
}

const windows = new Set<Page>()

// openWindows are those that the present test has not closed.
export const openWindows = () => [...windows]

export interface Window {
  theme?: "light" | "dark"
  width?: number
  height?: number
  locale?: "en-GB" | "nl-NL"
}

export interface SignedIn {
  context: BrowserContext
  page: Page
  complaints: string[] // what the browser said: errors of scripts, refusals of the content policy
}

// signedIn opens a window with the session of this run, so that only one test goes through the form.
export async function signedIn(browser: Browser, { theme = "light", width = 1440, height = 900, locale = "en-GB" }: Window = {}): Promise<SignedIn> {
  const context = await browser.newContext({ baseURL: base(), viewport: { width, height }, colorScheme: theme, locale, reducedMotion: "reduce" })
  await context.addCookies(JSON.parse(inject("session")))
  return { context, ...(await watched(context)) }
}

export async function watched(context: BrowserContext): Promise<{ page: Page; complaints: string[] }> {
  const page = await context.newPage()
  windows.add(page)
  page.on("close", () => windows.delete(page))
  const complaints: string[] = []
  page.on("pageerror", (e) => complaints.push(e.message))
  page.on("console", (m) => {
    // A refused answer is the server's word, which the page shows; everything else is a mistake of ours.
    if ((m.type() === "error" || m.type() === "warning") && !m.text().startsWith("Failed to load resource")) complaints.push(m.text())
  })
  return { page, complaints }
}

// paste puts a text in the place of all that an editor holds, as from the clipboard: what a test types for somebody at once
// the browser would lay out with styles of its own.
export async function paste(editor: Locator, text: string): Promise<void> {
  await editor.press("Control+a")
  await editor.evaluate((element, text) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData("text/plain", text)
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }))
  }, text)
}

// data is what the API answers with.
export async function data<T>(context: BrowserContext, path: string): Promise<T> {
  const answer = await context.request.get(path)
  if (!answer.ok()) throw new Error(`GET ${path} answered ${answer.status()}: ${await answer.text()}`)
  return ((await answer.json()) as { data: T }).data
}

export async function send<T>(context: BrowserContext, method: "POST" | "PUT", path: string, body: unknown, type = "application/json"): Promise<T> {
  const answer = await context.request.fetch(path, {
    method,
    headers: { "Content-Type": type, Origin: base() },
    data: type === "application/json" ? JSON.stringify(body) : (body as string),
  })
  if (!answer.ok()) throw new Error(`${method} ${path} answered ${answer.status()}: ${await answer.text()}`)
  return ((await answer.json()) as { data: T }).data
}

// Leaves a picture of every window that a failed test left open, and says where it is.
import { mkdirSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Page } from "playwright-core"
import { afterEach, beforeEach } from "vitest"
import { openWindows } from "./browser"

let standing = new Set<Page>() // windows that a file keeps for all of its tests

beforeEach(() => {
  standing = new Set(openWindows())
})

afterEach(async ({ task }) => {
  if (task.result?.state !== "fail") return
  const folder = process.env.DEALWRIGHT_FAILURES ?? join(tmpdir(), "dealwright-failures")
  mkdirSync(folder, { recursive: true })
  for (const page of openWindows()) {
    if (standing.has(page) || page.isClosed()) continue
    const path = join(folder, `${task.name.replace(/\W+/g, "-").slice(0, 60)}-${Date.now()}.png`)
    const taken = await page.screenshot({ path, timeout: 10_000 }).then(
      () => path,
      (e: Error) => `none (${e.message})`,
    )
    console.error(`failed: ${task.name}\n  at ${page.url()}\n  picture: ${taken}`)
    await page.context().close() // it would go on asking the server
  }
})

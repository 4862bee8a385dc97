// Leaves a picture of every window that a failed test left open, and says where it is.
import { mkdirSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach } from "vitest"
import { openWindows } from "./browser"

afterEach(async ({ task }) => {
  for (const page of openWindows()) {
    if (task.result?.state === "fail" && !page.isClosed()) {
      const folder = process.env.DEALWRIGHT_FAILURES ?? join(tmpdir(), "dealwright-failures")
      mkdirSync(folder, { recursive: true })
      const path = join(folder, `${task.name.replace(/\W+/g, "-").slice(0, 60)}-${Date.now()}.png`)
      const taken = await page.screenshot({ path, timeout: 10_000 }).then(
        () => path,
        (e: Error) => `no picture (${e.message})`,
      )
      console.error(`failed: ${task.name}\n  at ${page.url()}\n  picture: ${taken}`)
    }
  }
})

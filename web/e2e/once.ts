// What all files of a run share: one Chromium, and one session of the owner.
import { chromium } from "playwright-core"
import type { TestProject } from "vitest/node"

declare module "vitest" {
  interface ProvidedContext {
    chromium: string // where it listens
    session: string // the cookies, as JSON; empty where the server has no owner yet
  }
}

export default async function once(project: TestProject) {
  const server = await chromium.launchServer({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] })
  project.provide("chromium", server.wsEndpoint())
  project.provide("session", process.env.DEALWRIGHT_EMAIL ? await session() : "")
  return () => server.close()
}

async function session(): Promise<string> {
  const { DEALWRIGHT_URL: url = "", DEALWRIGHT_EMAIL: email, DEALWRIGHT_PASSWORD: password } = process.env
  const answer = await fetch(new URL("/v1/auth/login", url), {
    method: "POST",
    headers: { "Content-Type": "application/json", Origin: new URL(url).origin },
    body: JSON.stringify({ email, password }),
  })
  if (!answer.ok) throw new Error(`sign-in answered ${answer.status}: ${await answer.text()}`)
  const cookies = answer.headers.getSetCookie().map((line) => {
    const [pair = ""] = line.split(";")
    const at = pair.indexOf("=")
    return { name: pair.slice(0, at), value: pair.slice(at + 1), url }
  })
  return JSON.stringify(cookies)
}

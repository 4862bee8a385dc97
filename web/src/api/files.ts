// The app's own files: each page is in one that is asked for when it is first gone to, or before that while nothing else is
// to do. A file that does not come is waited for, so that what is on the screen stays and what was typed in it too.
import { t } from "../text"

type Load<T> = () => Promise<T>

const known = new Set<Load<unknown>>()

// later is how a file is asked for that the first view has no need of. It may be asked for only because it may be wanted
// soon: isWanted says whether somebody waits for it.
export function later<T>(load: Load<T>, isWanted = () => true): Load<T> {
  known.add(load)
  return () => arrived(load, { ...here, isWanted })
}

// What browsers say when a file of script did not come. Anything else that a load throws is a mistake in the file itself.
const missing = /dynamically imported module|Importing a module script failed|Unable to preload/

const isMissing = (e: unknown): e is Error => e instanceof Error && missing.test(e.message)

// How long until a file is asked for again that did not come, in milliseconds; sooner when the browser is online again.
const pause = 3_000

// What arrived needs of the world, which a test has in another way.
export interface World {
  isWanted: () => boolean // whether somebody waits for the file now
  answers: () => Promise<boolean> // whether the server is there
  turn: () => Promise<void> // ends when it may be there again
  reload: (why: string) => boolean // whether the whole app is loaded anew, for this reason
}

// arrived waits for a file for as long as the server does not answer. Where the server answers and twice has no such file, a
// newer release took its place: the app is loaded anew, once for each file, and after that it is said. For a file that nobody
// waits for, as of a link that is only pointed at, nothing is loaded anew.
export async function arrived<T>(load: Load<T>, world: World): Promise<T> {
  for (let answered = false; ; ) {
    try {
      const file = await load()
      expect(load, false)
      return file
    } catch (e) {
      if (!isMissing(e)) throw e
      const answers = await world.answers()
      if (answers && answered) {
        expect(load, false)
        if (world.isWanted() && world.reload(e.message)) return new Promise(() => {})
        throw new Missing(t("The server has no such page any more, also after the app was loaded anew. Reload it in a moment."))
      }
      answered = answers
      expect(load, !answers)
      if (!answers) await world.turn()
    }
  }
}

// Missing is a file that the server does not have.
export class Missing extends Error {}

const here: Omit<World, "isWanted"> = {
  answers: () =>
    fetch("/", { method: "HEAD", cache: "no-store" }).then(
      (r) => r.ok,
      () => false,
    ),
  turn: () =>
    new Promise((done) => {
      const end = () => {
        clearTimeout(timer)
        removeEventListener("online", end)
        done()
      }
      const timer = setTimeout(end, pause)
      addEventListener("online", end)
    }),
  reload: (why) => {
    const kept = "reloaded" // of sessionStorage
    try {
      const before: string[] = JSON.parse(sessionStorage.getItem(kept) ?? "[]")
      if (before.includes(why)) return false
      sessionStorage.setItem(kept, JSON.stringify([...before, why]))
    } catch {
      return false // what cannot be counted could go round for ever
    }
    location.reload()
    return true
  },
}

// The files that are waited for while the server does not answer, and who wants to know.
const expected = new Set<Load<unknown>>()
const listeners = new Set<() => void>()

function expect(load: Load<unknown>, is: boolean) {
  if (expected.has(load) === is) return
  if (is) expected.add(load)
  else expected.delete(load)
  for (const f of listeners) f()
}

export const isExpecting = () => expected.size > 0

export function onExpecting(changed: () => void): () => void {
  listeners.add(changed)
  return () => listeners.delete(changed)
}

// How long after the first view the rest is fetched, in milliseconds, so that nothing of the view itself waits for it.
const rest = 2_000

// fetchAhead gets the files that were not asked for yet, one at a time and only while the browser is idle, so that going to
// a page neither waits nor needs the server for it. The browser's own wish to save data is heeded.
export function fetchAhead(): () => void {
  let ended = false
  const idle = () => new Promise<void>((go) => ("requestIdleCallback" in window ? requestIdleCallback(() => go()) : setTimeout(go, 200)))
  const go = async () => {
    performance.mark("ahead")
    for (const load of known) {
      await idle()
      if (ended) return
      try {
        await load()
      } catch {
        return // it is asked for again when it is needed
      }
    }
    performance.mark("ahead-end")
  }
  const saving = (navigator as { connection?: { saveData?: boolean } }).connection?.saveData
  const timer = saving ? undefined : setTimeout(go, rest)
  return () => {
    ended = true
    clearTimeout(timer)
  }
}

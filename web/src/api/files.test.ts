import { expect, it } from "vitest"
import { arrived, Missing, type World } from "./files"

const lost = new TypeError("Failed to fetch dynamically imported module: /assets/Page-1.js")

// Each case: what the loads and the questions to the server give, one after the other, and what comes of it.
const cases: [string, { loads: (Error | "page")[]; answers: boolean[]; want: string; turns: number }][] = [
  ["at once", { loads: ["page"], answers: [], want: "page", turns: 0 }],
  ["after the server was away twice", { loads: [lost, lost, "page"], answers: [false, false], want: "page", turns: 2 }],
  ["when it was only that one call", { loads: [lost, "page"], answers: [true], want: "page", turns: 0 }],
  ["gone, already loaded anew", { loads: [lost, lost], answers: [true, true], want: "missing", turns: 0 }],
  ["away in between, not gone", { loads: [lost, lost, lost, "page"], answers: [true, false, true], want: "page", turns: 1 }],
  ["a mistake in the file", { loads: [new Error("x is not a function")], answers: [], want: "x is not a function", turns: 0 }],
]

it.each(cases)("%s", async (_, { loads, answers, want, turns }) => {
  let turned = 0
  const world: World = {
    isWanted: () => true,
    answers: async () => answers.shift() ?? false,
    turn: async () => void turned++,
    reload: () => false,
  }
  const load = async () => {
    const next = loads.shift()
    if (next instanceof Error) throw next
    return next
  }
  const got = await arrived(load, world).catch((e) => (e instanceof Missing ? "missing" : e.message))
  expect(got).toBe(want)
  expect(turned).toBe(turns)
  expect(loads).toEqual([])
})

it("loads the app anew when the file is gone, and gives nothing before that", async () => {
  const why = await new Promise<string>((reloaded) => {
    const world: World = {
      isWanted: () => true,
      answers: async () => true,
      turn: async () => {},
      reload: (why) => {
        reloaded(why)
        return true
      },
    }
    arrived(() => Promise.reject(lost), world)
  })
  expect(why).toBe(lost.message)
})

it("loads nothing anew for a file that nobody waits for, and does once somebody does", async () => {
  let wanted = false
  let reloads = 0
  const world: World = {
    isWanted: () => wanted,
    answers: async () => true,
    turn: async () => {},
    reload: () => {
      reloads++
      return false
    },
  }
  const gone = () => arrived(() => Promise.reject(lost), world).catch((e) => e)
  expect(await gone()).toBeInstanceOf(Missing)
  expect(reloads).toBe(0)
  wanted = true
  expect(await gone()).toBeInstanceOf(Missing)
  expect(reloads).toBe(1)
})

// How values are written everywhere: moments in the tenant's zone, numbers with their digits, nothing in binary floats.
import type { Num } from "../api/exact"
import { language, locale, t } from "../text"

const formats = new Map<string, Intl.DateTimeFormat>()

function format(zone: string, options: Intl.DateTimeFormatOptions, name: string): Intl.DateTimeFormat {
  const key = `${zone} ${name}`
  let f = formats.get(key)
  if (!f) {
    f = new Intl.DateTimeFormat(locale(), { timeZone: zone, hourCycle: "h23", ...options })
    formats.set(key, f)
  }
  return f
}

const clock: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", second: "2-digit" }
const dayMonth: Intl.DateTimeFormatOptions = { day: "numeric", month: "short" }

// moment is short where it can be: today only the time, this year without the year.
export function moment(iso: string, zone: string, now: Date = new Date()): string {
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return iso
  const day = (d: Date) => format(zone, { year: "numeric", month: "2-digit", day: "2-digit" }, "day").format(d)
  const time = format(zone, clock, "time").format(at)
  if (day(at) === day(now)) return time
  const sameYear = day(at).slice(-4) === day(now).slice(-4)
  const date = sameYear ? format(zone, dayMonth, "date").format(at) : format(zone, { ...dayMonth, year: "numeric" }, "fulldate").format(at)
  return `${date}, ${time}`
}

// day is the date alone, with its year.
export function day(iso: string, zone: string): string {
  const at = new Date(iso)
  return Number.isNaN(at.getTime()) ? iso : format(zone, { ...dayMonth, year: "numeric" }, "fulldate").format(at)
}

// fullMoment names day, time and offset: "Thu 19 Nov 2026, 16:20:11 +01:00".
export function fullMoment(iso: string, zone: string): string {
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return iso
  const parts = format(
    zone,
    { weekday: "short", day: "numeric", month: "short", year: "numeric", ...clock, timeZoneName: "longOffset" },
    "full",
  ).formatToParts(at)
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((p) => p.type === type)?.value ?? ""
  const offset = part("timeZoneName").replace("GMT", "") || "+00:00"
  return `${part("weekday")} ${part("day")} ${part("month")} ${part("year")}, ${part("hour")}:${part("minute")}:${part("second")} ${offset}`
}

// momentsIn writes the moments of a sentence of the server, which has them in UTC, as the page writes them. What stands in
// quotes is somebody's and stays.
export const momentsIn = (text: string, zone: string): string =>
  text.replace(/“[^”]*”|\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, (part) => (part.startsWith("“") ? part : fullMoment(part, zone)))

// ago says roughly how long since; exact moments stand in the tip.
export function ago(iso: string, now: Date = new Date()): string {
  const seconds = Math.round((now.getTime() - new Date(iso).getTime()) / 1000)
  if (Number.isNaN(seconds)) return iso
  if (seconds < 5) return t("just now")
  if (seconds < 60) return t("{n} s ago", { n: seconds })
  if (seconds < 3600) return t("{n} min ago", { n: Math.floor(seconds / 60) })
  if (seconds < 86400) return t("{n} h ago", { n: Math.floor(seconds / 3600) })
  return t("{n} d ago", { n: Math.floor(seconds / 86400) })
}

// number puts the language's separators between thousands and before decimals, and touches no digit.
export function number(value: Num | string): string {
  const text = String(value)
  const m = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)
  if (!m) return text
  const [thousand, decimal] = language() === "nl" ? [".", ","] : [",", "."]
  return (m[1] ?? "") + (m[2] ?? "").replace(/\B(?=(\d{3})+$)/g, thousand) + (m[3] ? decimal + m[3] : "")
}

export function money(value: Num | string): string {
  const plain = String(value)
  const dot = plain.indexOf(".")
  const decimals = dot < 0 ? 0 : plain.length - dot - 1
  const full = number(decimals === 0 ? `${plain}.00` : decimals === 1 ? `${plain}0` : plain)
  return full.startsWith("-") ? `−€ ${full.slice(1)}` : `€ ${full}`
}

// count writes "1 record", "2 records", "1,204 records"; irregular plurals are given.
export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${number(n)} ${n === 1 ? noun : plural}`
}

export function initials(name: string): string {
  const words = name.split(/[\s.@_·-]+/).filter(Boolean)
  return ((words[0]?.[0] ?? "?") + (words.length > 1 ? (words.at(-1)?.[0] ?? "") : "")).toUpperCase()
}

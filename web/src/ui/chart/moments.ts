import { locale } from "../../text"

const formats = new Map<string, Intl.DateTimeFormat>()

// bucketName says which stretch of time a bucket is, short: the time of day where buckets are short, else the date.
export function bucketName(from: string, to: string, zone: string): string {
  const hours = (Date.parse(to) - Date.parse(from)) / 3_600_000
  const key = `${locale()} ${zone} ${hours < 22}`
  let f = formats.get(key)
  if (!f) {
    f = new Intl.DateTimeFormat(locale(), {
      timeZone: zone,
      day: "numeric",
      month: "short",
      weekday: "short",
      ...(hours < 22 ? { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } : {}),
    })
    formats.set(key, f)
  }
  return f.format(new Date(from))
}

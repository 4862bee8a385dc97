import { createContext, useContext } from "react"
import { ago, day, fullMoment, moment } from "./format"

// The zone moments are shown in: the tenant's.
export const Zone = createContext("UTC")

export function Moment({ at, as = "short" }: { at: string | null | undefined; as?: "short" | "full" | "ago" | "day" }) {
  const zone = useContext(Zone)
  if (!at) return <span className="t3">–</span>
  const text = as === "full" ? fullMoment(at, zone) : as === "ago" ? ago(at) : as === "day" ? day(at, zone) : moment(at, zone)
  return (
    <time className="num nowrap" dateTime={at} title={fullMoment(at, zone)}>
      {text}
    </time>
  )
}

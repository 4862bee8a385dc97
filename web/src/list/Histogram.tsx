import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { type PointerEvent, useContext, useRef, useState } from "react"
import { api, type Of, thing } from "../api/client"
import { t } from "../text"
import { count, moment, number } from "../ui/format"
import { keyOf } from "../ui/keys"
import { Zone } from "../ui/Moment"
import { spans } from "./filters"

export type ChartPath = "/v1/executions/histogram" | "/v1/deliveries/histogram" | "/v1/source-executions/histogram"

const chartQuery = (path: ChartPath, query: Record<string, string>, hours: number) => ({
  queryKey: ["histogram", path, query, hours],
  queryFn: async ({ signal }: { signal: AbortSignal }) => {
    const before = new Date()
    const after = new Date(before.getTime() - hours * 3_600_000)
    const narrowed = { ...query, after: after.toISOString(), before: before.toISOString(), parts: 60 }
    return (await thing(api.GET(path as "/v1/executions/histogram", { params: { query: narrowed as never }, signal }))) as unknown as Of<"Chart"> & {
      bars: Of<"Bar">[]
    }
  },
  refetchInterval: 15_000,
  placeholderData: keepPreviousData,
})

interface Props {
  path: ChartPath
  query: Record<string, string> // without a span of time
  span: string
  after: string | undefined
  before: string | undefined
  onRange: (after: string | undefined, before: string | undefined) => void
}

// Histogram is how many came when. A range is dragged over it, or picked bar by bar with the arrows: Shift reaches further.
export function Histogram({ path, query, span, after, before, onRange }: Props) {
  const hours = (spans.find((s) => s.value === span) ?? spans[1]).hours
  const { data } = useQuery(chartQuery(path, query, hours))
  const zone = useContext(Zone)
  const box = useRef<SVGSVGElement>(null)
  const [drag, setDrag] = useState<{ from: number; to: number } | undefined>(undefined)
  const [at, setAt] = useState(59)
  const bars = data?.bars ?? []
  const most = Math.max(1, ...bars.map((b) => b.all))
  const place = (e: PointerEvent) => {
    const r = box.current?.getBoundingClientRect()
    return r ? Math.max(0, Math.min(bars.length - 1, Math.floor(((e.clientX - r.left) / r.width) * bars.length))) : 0
  }
  const choose = (a: number, b: number) => {
    const [low, high] = [bars[Math.min(a, b)], bars[Math.max(a, b)]]
    if (low && high) onRange(low.from, Math.max(a, b) === bars.length - 1 ? undefined : high.to)
  }
  const inside = (b: Of<"Bar">) => (!after || b.to > after) && (!before || b.from < before)
  const [low, high] = drag ? [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)] : [-1, -1]
  const all = bars.reduce((n, b) => n + b.all, 0)
  const here = bars[at]
  return (
    <div className="histo">
      <div
        className="histo-in"
        role="slider"
        tabIndex={0}
        aria-label={t("{n} in this span of time, part by part; Enter narrows the list to a part", { n: number(String(all)) })}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, bars.length - 1)}
        aria-valuenow={at}
        aria-valuetext={
          here ? `${moment(here.from, zone)}: ${count(here.all, "")}${here.bad ? `, ${number(String(here.bad))} ${t("failed")}` : ""}` : ""
        }
        onKeyDown={(e) => {
          const does = keyOf("control", e)
          const step = does === "right" ? 1 : does === "left" ? -1 : 0
          if (step) {
            e.preventDefault()
            const next = Math.max(0, Math.min(bars.length - 1, at + step))
            setAt(next)
            setDrag(e.shiftKey ? { from: drag?.from ?? at, to: next } : undefined)
          } else if (does === "take") {
            choose(drag?.from ?? at, at)
            setDrag(undefined)
          } else if (does === "leave") {
            setDrag(undefined)
            onRange(undefined, undefined)
          }
        }}
      >
        <svg
          ref={box}
          viewBox="0 0 600 40"
          preserveAspectRatio="none"
          aria-hidden="true"
          onPointerDown={(e) => {
            e.currentTarget.setPointerCapture(e.pointerId)
            setDrag({ from: place(e), to: place(e) })
          }}
          onPointerMove={(e) => drag && e.buttons === 1 && setDrag({ ...drag, to: place(e) })}
          onPointerUp={() => {
            if (drag) choose(drag.from, drag.to)
            setDrag(undefined)
          }}
        >
          {bars.map((b, i) => {
            const tall = b.all === 0 ? 0 : Math.max(1.5, (b.all / most) * 38)
            const bad = b.bad === 0 ? 0 : Math.max(2, (b.bad / most) * 38)
            const on = drag ? i >= low && i <= high : (after || before) && inside(b)
            return (
              <g key={b.from} className={on ? "on" : ""}>
                <rect className="hit" x={i * 10} y={0} width={10} height={40}>
                  <title>
                    {moment(b.from, zone)}: {number(String(b.all))}
                    {b.bad > 0 && `, ${number(String(b.bad))} ${t("failed")}`}
                  </title>
                </rect>
                <rect className="all" x={i * 10 + 1} y={40 - tall} width={8} height={tall} />
                {bad > 0 && <rect className="bad" x={i * 10 + 1} y={40 - bad} width={8} height={bad} />}
              </g>
            )
          })}
        </svg>
      </div>
      <div className="histo-x num">
        <span>{bars[0] && moment(bars[0].from, zone)}</span>
        <span>{data && !data.narrowed && t("Counted without the search: there is too much to look through")}</span>
        <span>{t("now")}</span>
      </div>
    </div>
  )
}

import { Chart, type Mark } from "./Chart"

interface Props {
  label: string
  points: (number | null)[]
  also?: (number | null)[] // a second series, fainter
  band?: { low: number; high: number }[]
  marks: Mark[]
  tone?: "bad" | "warn" | undefined
  height?: number
  bare?: boolean // the band only says how far the axis goes; it is not drawn
}

const width = 600

// Line is one series with what is usual behind it. Where there is no value the line has a gap.
export function Line({ label, points, also = [], band = [], marks, tone, height = 60, bare }: Props) {
  const values = [...points, ...also].filter((p): p is number => p !== null)
  const top = Math.max(1e-9, ...values, ...band.map((b) => b.high))
  const floor = Math.min(0, ...values)
  const x = (i: number) => ((i + 0.5) * width) / Math.max(points.length, 1)
  const y = (v: number) => height - 2 - ((v - floor) / (top - floor)) * (height - 6)
  const alone = (series: (number | null)[], i: number) => (series[i - 1] ?? null) === null && (series[i + 1] ?? null) === null
  const pathOf = (series: (number | null)[]) =>
    series.map((p, i) => (p === null ? "" : `${(series[i - 1] ?? null) === null ? "M" : "L"}${x(i).toFixed(1)} ${y(p).toFixed(1)}`)).join("")
  const dotsOf = (series: (number | null)[]) =>
    series.map((p, i) => (p !== null && alone(series, i) ? `M${x(i).toFixed(1)} ${y(p).toFixed(1)}h.1` : "")).join("")
  const edge = (of: "low" | "high") => band.map((b, i) => `${x(i).toFixed(1)} ${y(b[of]).toFixed(1)}`)
  return (
    <Chart label={label} marks={marks} width={width} height={height} x={x}>
      {band.length > 0 && !bare && <path className="chart-band" d={`M${[...edge("high"), ...edge("low").reverse()].join("L")}Z`} />}
      <line className="chart-axis" x1={0} x2={width} y1={y(0)} y2={y(0)} vectorEffect="non-scaling-stroke" />
      {also.length > 0 && <path className="chart-line faint" d={pathOf(also)} vectorEffect="non-scaling-stroke" />}
      {also.length > 0 && <path className="chart-dot faint" d={dotsOf(also)} vectorEffect="non-scaling-stroke" />}
      <path className={`chart-line ${tone ?? ""}`} d={pathOf(points)} vectorEffect="non-scaling-stroke" />
      <path className={`chart-dot ${tone ?? ""}`} d={dotsOf(points)} vectorEffect="non-scaling-stroke" />
    </Chart>
  )
}

import { Chart, type Mark } from "./Chart"

interface Props {
  label: string
  points: (number | null)[]
  band?: { low: number; high: number }[]
  marks: Mark[]
  tone?: "bad" | "warn" | undefined
  height?: number
}

const width = 600

// Line is one series with what is usual behind it. Where there is no value the line has a gap.
export function Line({ label, points, band = [], marks, tone, height = 60 }: Props) {
  const values = points.filter((p): p is number => p !== null)
  const top = Math.max(1e-9, ...values, ...band.map((b) => b.high))
  const floor = Math.min(0, ...values)
  const x = (i: number) => ((i + 0.5) * width) / Math.max(points.length, 1)
  const y = (v: number) => height - 2 - ((v - floor) / (top - floor)) * (height - 6)
  let path = ""
  points.forEach((p, i) => {
    if (p === null) return
    path += `${i === 0 || points[i - 1] === null ? "M" : "L"}${x(i).toFixed(1)} ${y(p).toFixed(1)}`
    if ((points[i - 1] ?? null) === null && (points[i + 1] ?? null) === null) path += "h.1" // one alone is a dot
  })
  const edge = (of: "low" | "high") => band.map((b, i) => `${x(i).toFixed(1)} ${y(b[of]).toFixed(1)}`)
  return (
    <Chart label={label} marks={marks} width={width} height={height} x={x}>
      {band.length > 0 && <path className="chart-band" d={`M${[...edge("high"), ...edge("low").reverse()].join("L")}Z`} />}
      <line className="chart-axis" x1={0} x2={width} y1={y(0)} y2={y(0)} vectorEffect="non-scaling-stroke" />
      <path className={`chart-line ${tone ?? ""}`} d={path} vectorEffect="non-scaling-stroke" />
    </Chart>
  )
}

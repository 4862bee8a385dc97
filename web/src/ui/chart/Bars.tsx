import { Chart, type Mark } from "./Chart"

interface Props {
  label: string
  stacks: { name: string; cls: string; values: number[] }[] // from the axis up
  below: number[] // failures hang below
  flags?: { at: number; name: string }[] // a place from 0 to 1
  marks: Mark[]
}

const width = 800
const height = 200

// Bars are stacks above the axis, with what failed below it.
export function Bars({ label, stacks, below, flags = [], marks }: Props) {
  const n = marks.length
  const sums = Array.from({ length: n }, (_, i) => stacks.reduce((sum, s) => sum + (s.values[i] ?? 0), 0))
  const top = Math.max(1, ...sums)
  const deep = Math.max(0, ...below)
  const depth = deep > 0 ? Math.max(16, (height * deep) / (top + deep)) : 0
  const axis = height - depth - 2
  const step = width / Math.max(n, 1)
  const x = (i: number) => (i + 0.5) * step
  const scale = (v: number) => (v / top) * (axis - 8)
  return (
    <Chart label={label} marks={marks} width={width} height={height} x={x}>
      {[0.5, 1].map((part) => (
        <line
          key={part}
          className="chart-grid"
          x1={0}
          x2={width}
          y1={axis - scale(top * part)}
          y2={axis - scale(top * part)}
          vectorEffect="non-scaling-stroke"
        />
      ))}
      {marks.map((m, i) => {
        let from = axis
        return (
          <g key={m.name}>
            {stacks.map((s) => {
              const h = scale(s.values[i] ?? 0)
              from -= h
              return h > 0 ? <rect key={s.name} className={s.cls} x={i * step + step * 0.1} width={step * 0.8} y={from} height={h} /> : null
            })}
            {(below[i] ?? 0) > 0 && (
              <rect
                className="viz-bad"
                x={i * step + step * 0.1}
                width={step * 0.8}
                y={axis + 2}
                height={Math.max(2, ((below[i] ?? 0) / deep) * depth)}
              />
            )}
          </g>
        )
      })}
      <line className="chart-axis" x1={0} x2={width} y1={axis} y2={axis} vectorEffect="non-scaling-stroke" />
      {flags.map((f) => (
        <line key={f.name} className="chart-flag" x1={f.at * width} x2={f.at * width} y1={0} y2={axis} vectorEffect="non-scaling-stroke">
          <title>{f.name}</title>
        </line>
      ))}
    </Chart>
  )
}

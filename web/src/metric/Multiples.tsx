import { Link } from "@tanstack/react-router"
import { t } from "../text"
import { Line } from "../ui/chart/Line"
import type { Definition, Series } from "./api"
import { write } from "./write"

interface Props {
  definition: Definition
  series: { name: string; of: Series; search: Record<string, string> | undefined }[] // the largest first
  bucket: (i: number) => string // the name of a stretch of time
}

const most = 12 // charts; the table below has the rest

const drawn = (s: Series) => s.points.map((p) => (p === null ? null : Number(String(p))))

// Multiples draws a chart for each agent or team, all on one scale, so that who differs from the others is seen at once.
export function Multiples({ definition: d, series, bucket }: Props) {
  const shown = series.slice(0, most)
  const high = Math.max(0, ...shown.flatMap(({ of }) => drawn(of)).map((p) => p ?? 0))
  return (
    <>
      <div className="multiples">
        {shown.map(({ name, of, search }) => (
          <div className="multiple" key={of.id ?? ""}>
            <div className="r r-2">
              <span className="medium trunc grow">{name}</span>
              <span className="num nowrap">
                {search ? (
                  <Link className="row-link" to="." search={search as never}>
                    {write(of.total, d)}
                  </Link>
                ) : (
                  write(of.total, d)
                )}
              </span>
            </div>
            <Line
              label={t("Values of {name} over time", { name })}
              points={drawn(of)}
              band={of.points.map(() => ({ low: 0, high }))}
              bare
              marks={of.points.map((p, i) => ({ name: `${bucket(i)}: ${write(p, d)}`, open: undefined }))}
            />
          </div>
        ))}
      </div>
      {series.length > most && <p className="t3 fs-12">{t("Drawn are the first {n}, all on one scale. The table has all.", { n: most })}</p>}
    </>
  )
}

import type { ReactNode } from "react"
import type { HomeData } from "../../pulse/api"
import { t } from "../../text"
import { bucketName } from "../../ui/chart/moments"
import { Section } from "../../ui/Page"

interface Props {
  title: string
  label: string
  data: HomeData
  heads: { key: string; name: string }[]
  cell: (i: number, k: number) => ReactNode // of a part of the time, and a head
  row?: (i: number, name: string) => ReactNode // a part of the time, where it leads somewhere
}

// Buckets is a table with a row for each part of the time.
export function Buckets({ title, label, data, heads, cell, row = (_, name) => name }: Props) {
  const { edges, time_zone: zone } = data
  return (
    <Section title={title}>
      <div className="home-table">
        <table className="tbl" aria-label={label}>
          <thead>
            <tr>
              <th scope="col">{t("From")}</th>
              {heads.map((h) => (
                <th scope="col" className="n" key={h.key}>
                  {h.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {edges.slice(0, -1).map((at, i) => (
              <tr key={at}>
                <th scope="row">{row(i, bucketName(at, edges[i + 1] ?? at, zone))}</th>
                {heads.map((h, k) => (
                  <td className="n" key={h.key}>
                    {cell(i, k)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  )
}

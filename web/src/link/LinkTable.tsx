import { Link as RouterLink } from "@tanstack/react-router"
import { type Constant, toText } from "../constant/value"
import { t } from "../text"
import { Empty } from "../ui/Feedback"
import { Status } from "../ui/Status"
import type { Link } from "./api"

interface Props {
  links: Link[]
  constants: Constant[] // what the processor's spec declares
  sourcePath: (sourceId: string) => { to: string; search?: Record<string, string> }
  empty: React.ReactNode
}

// LinkTable shows where a processor runs, and the value each constant has there.
export function LinkTable({ links, constants, sourcePath, empty }: Props) {
  if (links.length === 0)
    return (
      <div className="box gap-t">
        <Empty icon="link" title={t("Not linked to a source")} action={empty}>
          {t("It runs on what its sources deliver. Link it on the source’s own page.")}
        </Empty>
      </div>
    )
  return (
    <div className="box gap-t">
      <table className="tbl" aria-label={t("Sources")}>
        <thead>
          <tr>
            <th scope="col">{t("Source")}</th>
            <th scope="col">{t("Values")}</th>
            {constants.map((c) => (
              <th scope="col" key={c.name} className="from-sm">
                <code>{c.name}</code>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {links.map((l) => (
            <tr key={l.source_id}>
              <td>
                <RouterLink className="row-link medium" {...(sourcePath(l.source_id) as { to: string })}>
                  {l.source_name}
                </RouterLink>
              </td>
              <td>
                {l.link === "complete" ? (
                  <Status is="complete" />
                ) : (
                  <span title={l.missing.map((m) => m.message).join(" ")}>
                    <Status is="incomplete">{t("incomplete, deliveries wait")}</Status>
                  </span>
                )}
              </td>
              {constants.map((c) => (
                <td key={c.name} className="from-sm">
                  <Given value={l.constants[c.name]} constant={c} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Given({ value, constant }: { value: Link["constants"][string] | undefined; constant: Constant }) {
  const line = (v: Parameters<typeof toText>[0]) => toText(v).replaceAll("\n", ", ")
  if (value !== undefined) return line(value)
  return <span className="t3">{constant.required ? t("missing") : t("{value} (default)", { value: line(constant.default) })}</span>
}

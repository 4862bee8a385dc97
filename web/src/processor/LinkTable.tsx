import { Link } from "@tanstack/react-router"
import { toText } from "../constant/value"
import { Empty } from "../ui/Feedback"
import { Status } from "../ui/Status"
import type { Processor, ProcessorLink } from "./api"

// LinkTable shows where a processor runs, and the value each constant has there.
export function LinkTable({
  links,
  constants,
  provider,
}: {
  links: ProcessorLink[]
  constants: NonNullable<Processor["constants"]>
  provider: string
}) {
  if (links.length === 0)
    return (
      <div className="box gap-t">
        <Empty
          icon="link"
          title="Not linked to a source"
          action={
            <Link className="btn" to={`/providers/${provider}`}>
              To the provider’s sources
            </Link>
          }
        >
          It runs on what its sources deliver. Link it on the source’s own page.
        </Empty>
      </div>
    )
  return (
    <div className="box gap-t">
      <table className="tbl" aria-label="Sources">
        <thead>
          <tr>
            <th scope="col">Source</th>
            <th scope="col">Provider</th>
            <th scope="col">Values</th>
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
                <Link
                  className="row-link medium"
                  to={`/providers/${l.provider_id ?? provider}`}
                  search={{ source: l.source_id } as never}
                >
                  {l.source_name}
                </Link>
              </td>
              <td className="t2">{l.provider_name ?? ""}</td>
              <td>
                <Status is={l.state}>
                  {l.state === "complete" ? "complete" : `missing ${l.missing?.join(", ") ?? "values"}`}
                </Status>
              </td>
              {constants.map((c) => (
                <td key={c.name} className="from-sm">
                  {l.constants[c.name] !== undefined ? (
                    toText(l.constants[c.name]).replaceAll("\n", ", ")
                  ) : (
                    <span className="t3">
                      {c.default === undefined ? "missing" : `${toText(c.default).replaceAll("\n", ", ")} (default)`}
                    </span>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

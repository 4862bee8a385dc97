import { Link } from "@tanstack/react-router"
import type { Of } from "../api/client"
import { t, tr } from "../text"
import { Icon } from "../ui/Icon"
import { traceAt } from "../why/addresses"
import { To } from "../why/To"

const origins: Record<Of<"Maker">["origin"], string> = {
  provider: t("a delivery"),
  client: t("an API client"),
  user: t("a user"),
  rule: t("a rule of the server"),
}

// MadeBy says who wrote something, by name where that is known, with the way to the trace of the run that did, or to the delivery of a fixed webhook.
export function MadeBy({ maker: m, name }: { maker: Of<"Maker">; name?: string | null }) {
  const undo = m.redoes_id ? t("the undo of an undo") : m.undo_id ? t("an undo") : undefined
  const what = undo ? undo + (name ? ` (${name})` : "") : (name ?? origins[m.origin])
  return (
    <span className="r r-1 r-wrap">
      <span className="t2">
        {m.undo_id
          ? tr("by <to>{what}</to>", {
              what,
              to: (inner) => (
                <Link className="row-link" to={`/undos/${m.undo_id}`}>
                  {inner}
                </Link>
              ),
            })
          : t("by {what}", { what })}
      </span>
      {m.execution_id ? (
        <To address={traceAt(m.execution_id, m.undo_id ? undefined : (m.instruction ?? undefined))}>
          <Icon name="flow" size={14} className="inline-i" /> {m.undo_id ? t("of this run") : t("Trace")}
          {m.instruction && !m.undo_id && (
            <>
              {" "}
              <code className="t3">{m.instruction}</code>
            </>
          )}
        </To>
      ) : (
        m.delivery_id && (
          <Link className="row-link" to={`/deliveries/${m.delivery_id}`}>
            <Icon name="envelope" size={14} className="inline-i" /> <code>{m.delivery_id}</code>
          </Link>
        )
      )}
    </span>
  )
}

import { Link } from "@tanstack/react-router"
import type { ReactNode } from "react"
import { t } from "../text"
import { Icon } from "../ui/Icon"
import { Moment } from "../ui/Moment"
import { Outcomes } from "../ui/Outcomes"
import type { Trace } from "./api"

// Path is the way through an execution: the delivery, the processor that ran on it, what it wrote.
export function Path({ trace, children }: { trace: Trace; children?: ReactNode }) {
  const { execution: e, digest_matches, note } = trace
  return (
    <div className="path">
      <span className="node" title={e.delivery_id}>
        <Icon name="envelope" />
        {e.source_name || t("deleted source")}
        <Link className="row-link from-md" to={`/deliveries/${e.delivery_id}`}>
          <code>{e.delivery_id}</code>
        </Link>
        <span className="t3 fs-12 from-sm">
          <Moment at={e.received_at} />
        </span>
      </span>
      <Icon name="right" className="from-sm" />
      <span className="node" aria-current="true">
        <Icon name="flow" />
        <Link className="row-link" to={`/processors/${e.processor_id}`}>
          {e.processor_name || t("deleted processor")}
        </Link>
        <span className="t3">v{e.version}</span>
      </span>
      <Icon name="right" className="from-sm" />
      <span className="node">
        <Icon name="rows" />
        <Outcomes counts={e.counts} />
      </span>
      {children}
      <span className="push" />
      {digest_matches ? (
        <span
          className="st ok fs-12 from-md"
          title={t("The trace was computed again from what the run took in and was answered, and comes to the same digest.")}
        >
          {t("Recomputed, digest matches")}
          <Icon name="ok" />
        </span>
      ) : (
        <span className="st warn fs-12" title={note}>
          <Icon name="warnf" />

          {t("Digest differs")}
        </span>
      )}
    </div>
  )
}

import { useQuery } from "@tanstack/react-query"
import { t } from "../text"
import { Details } from "../ui/Details"
import { Failure, Skeleton } from "../ui/Feedback"
import { Moment } from "../ui/Moment"
import { UndoButton } from "../undo/UndoButton"
import { callQuery } from "./api"
import { Answer, entrance } from "./CallTable"

// CallDetail is one call with what was said to it, and its bytes where no delivery holds them.
export function CallDetail({ id }: { id: string }) {
  const query = useQuery(callQuery(id))
  if (query.isPending) return <Skeleton rows={4} />
  if (query.isError) return <Failure error={query.error} retry={() => query.refetch()} />
  const call = query.data
  return (
    <div className="stack">
      <dl className="kv">
        <dt>{t("Received")}</dt>
        <dd>
          <Moment at={call.received_at} as="full" />
        </dd>
        <dt>{t("Came in at")}</dt>
        <dd>{entrance(call)}</dd>
        <dt>{t("Answer")}</dt>
        <dd>
          <Answer call={call} />
        </dd>
        <dt>{t("Items")}</dt>
        <dd className="num">{call.items}</dd>
        <dt>{t("Id")}</dt>
        <dd>
          <code>{call.id}</code>
        </dd>
      </dl>
      {call.error && (
        <div className="why">
          <p className="strong">{call.error.message}</p>
          <Details of={call.error.details ?? []} />
          <code className="t3">{call.error.code}</code>
        </div>
      )}
      {call.remarks.length > 0 && (
        <div>
          <h3>{t("What it did besides")}</h3>
          <ul className="dots">
            {call.remarks.map((r) => (
              <li key={r}>{r}</li>
            ))}
          </ul>
        </div>
      )}
      {call.body_bytes && (
        <div>
          <h3>{t("What was sent")}</h3>
          <p className="t2 sec-p">{t("It is no text, so it is shown in base64.")}</p>
          <pre className="code wrap" tabIndex={0}>
            {call.body_bytes}
          </pre>
        </div>
      )}
      {call.body && (
        <div>
          <h3>{t("What was sent")}</h3>
          <pre className="code" tabIndex={0}>
            {call.body}
          </pre>
        </div>
      )}
      {call.status === "succeeded" && call.door !== "in" && (
        <div className="r">
          <UndoButton of="call" id={call.id} />
        </div>
      )}
    </div>
  )
}

import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { t } from "../text"
import { Details } from "../ui/Details"
import { Failure, Skeleton } from "../ui/Feedback"
import { Moment } from "../ui/Moment"
import { UndoButton } from "../undo/UndoButton"
import { type Call, callQuery } from "./api"
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
        {call.turned_away ? (
          <TurnedAway of={call.turned_away} />
        ) : (
          <>
            <dt>{t("Items")}</dt>
            <dd className="num">{call.items}</dd>
          </>
        )}
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
      {call.turned_away && <p className="t2">{t("It did not get past the door, so what it sent was not read and is not kept.")}</p>}
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
      {call.status === "succeeded" && (
        <div className="r r-wrap">
          <Link className="btn btn-sm" to="/deliveries" search={{ source_execution_id: call.id } as never}>
            {t("What it delivered")}
          </Link>
          {call.door !== "in" && <UndoButton of="call" id={call.id} />}
        </div>
      )}
    </div>
  )
}

// TurnedAway is what is known of a call that did not get past the door.
function TurnedAway({ of }: { of: NonNullable<Call["turned_away"]> }) {
  return (
    <>
      <dt>{t("Came from")}</dt>
      <dd>{of.caller ? <code>{of.caller}</code> : t("several callers")}</dd>
      <dt>{t("Content type")}</dt>
      <dd>{of.content_type ? <code>{of.content_type}</code> : t("not said")}</dd>
      <dt>{t("Size")}</dt>
      <dd className="num">{of.bytes === null ? t("not said") : t("{n, plural, one {# byte} other {# bytes}}", { n: of.bytes })}</dd>
      {of.more > 0 && (
        <>
          <dt>{t("Like it")}</dt>
          <dd>
            {t("{n, plural, one {# more call} other {# more calls}} in the same hour, counted and not listed; the last:", { n: of.more })}{" "}
            <Moment at={of.last_at} as="full" />
          </dd>
        </>
      )}
    </>
  )
}

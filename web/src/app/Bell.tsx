import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useState } from "react"
import { Button as AriaButton, Dialog, DialogTrigger, Popover } from "react-aria-components"
import { type Notice, unreadQuery, useEventActions } from "../event/api"
import { duration } from "../record/fields"
import { kinds } from "../record/kinds"
import { t } from "../text"
import { money, number } from "../ui/format"
import { Icon } from "../ui/Icon"
import { Moment } from "../ui/Moment"

// Bell says how much of what events told one has not read; opening it reads it.
export function Bell() {
  const unread = useQuery(unreadQuery)
  const { read } = useEventActions()
  const [open, setOpen] = useState(false)
  const count = unread.data?.count ?? 0
  const last = unread.data?.last ?? []
  const change = (is: boolean) => {
    setOpen(is)
    const newest = last[0]
    if (is && count > 0 && newest) read.mutate(newest.id)
  }
  const told = count > 99 ? "99+" : String(count)
  return (
    <DialogTrigger isOpen={open} onOpenChange={change}>
      <AriaButton className="quiet bell" aria-label={count > 0 ? t("Notices, {count} unread", { count: told }) : t("Notices")}>
        <Icon name="inbox" />
        <span className="lbl grow">{t("Notices")}</span>
        {count > 0 && <span className="count hot bell-dot">{told}</span>}
      </AriaButton>
      <Popover className="popover" placement="right bottom">
        <Dialog className="bell-list" aria-label={t("Notices")}>
          {last.length === 0 && <p className="pad-s t2">{t("No event has told of anything yet.")}</p>}
          {last.map((n) => (
            <Told key={n.id} n={n} onGo={() => setOpen(false)} />
          ))}
          <Link className="t2" to="/events" onClick={() => setOpen(false)}>
            {t("All events")}
          </Link>
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}

// worth writes what the record of a notice is worth: a sale its contract, a call how long it was.
const worth = ({ kind, record: { value } }: Notice) =>
  value === null ? "" : kind === "sale" ? money(value) : kind === "call" ? duration(String(value)) : number(value)

function Told({ n, onGo }: { n: Notice; onGo: () => void }) {
  const kind = kinds.find((k) => k.id === n.kind)
  return (
    <Link to={`/records/${kind?.path}/${n.record_id}`} onClick={onGo}>
      <span className="medium">{n.event.name}</span>
      <span className="t2 fs-12">
        {kind?.one} <code>{n.record.external_id || n.record_id}</code>
        {n.record.agent && <> · {n.record.agent}</>}
        {n.record.value !== null && <> · {worth(n)}</>} · <Moment at={n.at} />
      </span>
    </Link>
  )
}

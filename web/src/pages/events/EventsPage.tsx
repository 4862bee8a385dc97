import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useState } from "react"
import { type Event, type EventRecord, eventRecordsQuery, eventsQuery, type Rule, useEventActions } from "../../event/api"
import { EventForm } from "../../event/EventForm"
import { kinds } from "../../record/kinds"
import { t } from "../../text"
import { Button } from "../../ui/Button"
import { Confirm } from "../../ui/Confirm"
import { DataTable } from "../../ui/DataTable"
import { number } from "../../ui/format"
import { ListBody, useFilters } from "../../ui/list"
import { Moment } from "../../ui/Moment"
import { Page } from "../../ui/Page"
import { Sheet } from "../../ui/Sheet"
import { useToast } from "../../ui/Toast"

export default function EventsPage() {
  const { filters, set } = useFilters()
  const query = useQuery(eventsQuery)
  const events = (query.data?.rows ?? []) as Event[]
  const chosen = events.find((e) => e.id === filters.event)
  const [edited, edit] = useState<Event>()
  const create = (
    <Button needs="configuration:write" look="primary" size="sm" icon="plus" onClick={() => set({ new: "1" }, true)}>
      {t("New event")}
    </Button>
  )
  return (
    <Page title={t("Events")} actions={create}>
      <div className="lst">
        <ListBody
          query={query}
          filtered={false}
          clear={() => set({})}
          icon="inbox"
          noun={t("events")}
          empty={{
            title: t("No event yet"),
            text: t("An event lists and counts records of a type from the moment you make it, and can tell people when one appears."),
            action: create,
          }}
        >
          {() => (
            <DataTable
              label={t("Events")}
              rows={events}
              rowKey={(e) => e.id}
              selected={chosen?.id}
              onOpen={(e) => set({ event: e.id })}
              columns={[
                { head: t("Name"), wide: true, cell: (e) => <span className="medium">{e.name}</span> },
                { head: t("About"), from: "sm", cell: (e) => about(e.rule) },
                { head: t("Tells people"), from: "sm", cell: (e) => (e.rule.tell ? t("yes") : t("no")) },
                { head: t("Records"), align: "end", cell: (e) => (e.hits > 10_000 ? `${number(10_000)}+` : number(e.hits)) },
                { head: t("Last"), align: "end", from: "sm", cell: (e) => <Moment at={e.last_at} /> },
              ]}
            />
          )}
        </ListBody>
      </div>
      {chosen && <Appeared event={chosen} onClose={() => set({ event: undefined })} onEdit={() => edit(chosen)} />}
      {edited && <EventForm event={edited} onClose={() => edit(undefined)} />}
      {filters.new && !edited && <EventForm event={undefined} onClose={() => set({ new: undefined }, true)} />}
    </Page>
  )
}

function about(rule: Rule): string {
  const kind = kinds.find((k) => k.id === rule.source)?.many ?? rule.source
  return rule.types?.length ? `${kind}: ${rule.types.join(", ")}` : kind
}

function Appeared({ event, onClose, onEdit }: { event: Event; onClose: () => void; onEdit: () => void }) {
  const query = useQuery(eventRecordsQuery(event.id, { per_page: 100 }))
  const { remove } = useEventActions()
  const toast = useToast()
  const [sure, setSure] = useState(false)
  return (
    <Sheet
      title={event.name}
      sub={t("Records that were changed since and no longer match are not among them.")}
      onClose={onClose}
      footer={
        <>
          <Button needs="configuration:write" size="sm" icon="edit" onClick={onEdit}>
            {t("Edit")}
          </Button>
          <Button needs="configuration:write" size="sm" look="danger" icon="trash" onClick={() => setSure(true)}>
            {t("Delete")}
          </Button>
        </>
      }
    >
      <ListBody
        query={query}
        filtered={false}
        clear={onClose}
        icon="rows"
        noun={t("records")}
        empty={{ title: t("No record yet"), text: t("As soon as one appears it stands here.") }}
      >
        {(rows) => (
          <DataTable
            label={event.name}
            rows={rows as EventRecord[]}
            rowKey={(r) => r.id}
            columns={[
              {
                head: t("External id"),
                wide: true,
                cell: (r) => (
                  <Link className="row-link" to={`/records/${kinds.find((k) => k.id === r.kind)?.path}/${r.id}`}>
                    {r.external_id}
                  </Link>
                ),
              },
              {
                head: t("Agent"),
                cell: (r) =>
                  r.agent?.name ?? <span className="t3">{r.unlinked_agent ? t("{name}, not linked", { name: r.unlinked_agent }) : "–"}</span>,
              },
              { head: t("Value"), align: "end", cell: (r) => (r.value === null ? "–" : number(r.value)) },
              { head: t("Appeared"), align: "end", cell: (r) => <Moment at={r.appeared_at} /> },
            ]}
          />
        )}
      </ListBody>
      <Confirm
        title={t("Delete {name}?", { name: event.name })}
        open={sure}
        onClose={() => setSure(false)}
        effect={t("Delete event")}
        act={async () => {
          await remove.mutateAsync(event.id)
          toast.say(t("{name} is deleted; its records stay", { name: event.name }))
          onClose()
        }}
      >
        <p>
          {t(
            "Its list of {of, plural, one {{n} record} other {{n} records}} and its notices go, and cannot be had back: one made anew begins empty. The records themselves stay.",
            { of: event.hits, n: event.hits > 10_000 ? t("more than {n}", { n: number(10_000) }) : number(event.hits) },
          )}
        </p>
      </Confirm>
    </Sheet>
  )
}

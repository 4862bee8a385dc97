import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useEffect, useRef } from "react"
import { entitiesQuery } from "../../entity/api"
import { entityKinds } from "../../entity/kinds"
import { type Identity, type IdentityFilters, identitiesQuery, useIdentityActions } from "../../identity/api"
import { IdentityDetail } from "../../identity/IdentityDetail"
import { IdentityList } from "../../identity/IdentityList"
import { providersQuery } from "../../provider/api"
import { t } from "../../text"
import { FilterPick, ListBody, Pager, perPage, SearchBox, useFilters } from "../../ui/list"
import { Page } from "../../ui/Page"
import { useToast } from "../../ui/Toast"

const views = [
  { id: undefined, label: t("Unlinked"), title: t("Unlinked external identities"), query: { linked: "false" } },
  { id: "ignored", label: t("Ignored"), title: t("Ignored external identities"), query: { ignored: "true" } },
  { id: "linked", label: t("Linked"), title: t("Linked external identities"), query: { linked: "true" } },
] as const

export default function IdentitiesPage() {
  const { filters, set, clear } = useFilters()
  const view = views.find((v) => v.id === filters.view) ?? views[0]
  const page = Number(filters.page ?? 1)
  const { kind, provider_id, search } = filters
  const query = useQuery({
    ...identitiesQuery({ ...view.query, kind: kind as IdentityFilters["kind"], provider_id, search, page, per_page: perPage }),
    placeholderData: keepPreviousData,
  })
  const providers = useQuery(providersQuery())
  const rows = query.data?.rows ?? []
  // Whoever is linked leaves the list; the next one moves up to the same place and is chosen.
  const found = rows.findIndex((r) => r.id === filters.id)
  const place = useRef(0)
  if (found >= 0 || !filters.id) place.current = Math.max(found, 0)
  const current = rows[Math.min(place.current, rows.length - 1)]
  useFocusKept(current?.id)
  const total = query.data?.meta.total
  return (
    <Page title={view.title} note={total !== undefined && t("{n, plural, one {# identity} other {# identities}}", { n: total })}>
      <div className="views">
        <nav className="tabs" aria-label={t("Views")}>
          {views.map((v) => (
            <Link
              key={v.label}
              to="/identities"
              search={{ kind, provider_id, search, view: v.id } as never}
              aria-current={v === view ? "page" : undefined}
            >
              {v.label}
            </Link>
          ))}
        </nav>
      </div>
      <div className="filters">
        <SearchBox label={t("Name, id or e-mail")} value={search ?? ""} onChange={(s) => set({ search: s, id: undefined }, true)} />
        <FilterPick
          label={t("kind")}
          value={kind ?? ""}
          options={entityKinds.map((k) => ({ value: k.id, label: k.one }))}
          onChange={(k) => set({ kind: k, id: undefined })}
        />
        <FilterPick
          label={t("provider")}
          value={provider_id ?? ""}
          options={(providers.data?.rows ?? []).map((p) => ({ value: p.id, label: p.name }))}
          onChange={(p) => set({ provider_id: p, id: undefined })}
        />
      </div>
      <div className={`mail ${filters.id ? "is-open" : ""}`}>
        <div className="mail-l">
          <ListBody
            query={query}
            filtered={Boolean(kind || provider_id || search)}
            clear={clear}
            icon="ident"
            noun={t("identities")}
            empty={
              view.id === undefined
                ? {
                    title: t("Everything is linked"),
                    text: t("An external identity that nobody knows yet waits here, until you say who or what it is."),
                  }
                : {
                    title: view.id === "ignored" ? t("Nothing is ignored") : t("Nothing is linked"),
                    text:
                      view.id === "ignored"
                        ? t("What you ignore on the unlinked list is kept here.")
                        : t("What you link on the unlinked list is kept here."),
                  }
            }
          >
            {(list) => <IdentityList rows={list} selected={current?.id} onSelect={(id) => set({ id, page: filters.page }, true)} />}
          </ListBody>
          <Pager
            meta={query.data?.meta}
            rows={rows.length}
            page={page}
            onPage={(p) => set({ page: String(p), id: undefined })}
            noun={t("identities")}
          />
        </div>
        {current && (
          <div className="mail-r">
            <button type="button" className="btn btn-sm only-narrow-inline" onClick={() => set({ id: undefined, page: filters.page }, true)}>
              {t("Back to the list")}
            </button>
            <Detail key={current.id} identity={current} />
          </div>
        )}
      </div>
    </Page>
  )
}

// useFocusKept gives the focus to the chosen row, or where there is none to the page, when what had it is gone.
function useFocusKept(id: string | undefined) {
  const before = useRef(id)
  useEffect(() => {
    const first = before.current === undefined
    before.current = id
    if (first || document.activeElement !== document.body) return
    const row = document.querySelector<HTMLElement>('.inbox [aria-selected="true"]')
    const to = row ?? document.getElementById("main")
    to?.focus({ preventScroll: !row })
  }, [id])
}

function Detail({ identity }: { identity: Identity }) {
  const kind = entityKinds.find((k) => k.id === identity.kind)
  const choices = useQuery({ ...entitiesQuery(kind?.path ?? "agents", { per_page: 100 }), enabled: kind !== undefined })
  const actions = useIdentityActions()
  const toast = useToast()
  const { id } = identity
  const name = identity.external_name || identity.external_id
  const failed = (what: string) => (e: unknown) => toast.fail(what, e)
  const undo = () => actions.unlink.mutate(id, { onError: failed(t("Still linked")) })
  // What succeeded stays busy until the list is there without it, so that no key means it twice.
  const busy = Object.values(actions).some((a) => a.isPending || a.isSuccess)
  return (
    <IdentityDetail
      identity={identity}
      choices={(choices.data?.rows ?? []).map((e) => ({ id: e.id, name: e.name, ...(e.team && { note: e.team.name }) }))}
      busy={busy}
      canCreate={kind !== undefined}
      act={{
        link: (to) =>
          actions.link.mutate(
            { id, entityId: to.id },
            { onSuccess: () => toast.say(t("{name} is linked to {to}", { name, to: to.name }), undo), onError: failed(t("Not linked")) },
          ),
        create: () =>
          actions.create.mutate(
            { id, name },
            { onSuccess: () => toast.say(t("{name} is created and linked", { name }), undo), onError: failed(t("Not created")) },
          ),
        unlink: () =>
          actions.unlink.mutate(id, {
            onSuccess: () => {
              const before = identity.entity
              toast.say(t("{name} is no longer linked", { name }), before ? () => actions.link.mutate({ id, entityId: before.id }) : undefined)
            },
            onError: failed(t("Still linked")),
          }),
        ignore: () =>
          actions.ignore.mutate(id, {
            onSuccess: () => toast.say(t("{name} is ignored", { name }), () => actions.unignore.mutate(id)),
            onError: failed(t("Not ignored")),
          }),
        unignore: () =>
          actions.unignore.mutate(id, {
            onSuccess: () => toast.say(t("{name} is back on the unlinked list", { name })),
            onError: failed(t("Still ignored")),
          }),
      }}
    />
  )
}

import { keepPreviousData, useQuery, useSuspenseQuery } from "@tanstack/react-query"
import { sessionQuery } from "../../session/api"
import { t } from "../../text"
import { Button } from "../../ui/Button"
import { DataTable } from "../../ui/DataTable"
import { FilterPick, ListBody, Pager, perPage, SearchBox, useFilters } from "../../ui/list"
import { Moment } from "../../ui/Moment"
import { useMay } from "../../ui/may"
import { Page } from "../../ui/Page"
import { Status } from "../../ui/Status"
import { useToast } from "../../ui/Toast"
import { word } from "../../ui/words"
import { type User, userListQuery } from "../../user/api"
import { roles } from "../../user/roles"
import { UserForm } from "../../user/UserForm"
import { SettingsTabs } from "./SettingsTabs"

export default function UsersPage() {
  const { filters, set, clear } = useFilters()
  const { data: session } = useSuspenseQuery(sessionQuery)
  const page = Number(filters.page ?? 1)
  const query = useQuery({
    ...userListQuery({
      search: filters.search,
      role: filters.role as User["role"],
      status: filters.status as User["status"],
      page,
      per_page: perPage,
    }),
    placeholderData: keepPreviousData,
  })
  const toast = useToast()
  const manages = useMay("users:manage")
  const open = query.data?.rows.find((u) => u.id === filters.user)
  const invite = (
    <Button needs="users:manage" look="primary" size="sm" icon="useradd" onClick={() => set({ new: "1" })}>
      {t("Invite somebody")}
    </Button>
  )
  const close = () => set({ new: undefined, user: undefined, page: filters.page }, true)
  return (
    <Page title={t("Users")} crumbs={[{ label: t("Settings"), to: "/settings" }]} actions={invite}>
      <SettingsTabs />
      <div className="filters">
        <SearchBox label={t("Name or e-mail")} value={filters.search ?? ""} onChange={(search) => set({ search }, true)} />
        <FilterPick label={t("role")} value={filters.role ?? ""} options={roles} onChange={(role) => set({ role })} />
        <FilterPick
          label={t("state")}
          value={filters.status ?? ""}
          options={["active", "invited", "disabled"].map((s) => ({ value: s, label: word(s) }))}
          onChange={(status) => set({ status })}
        />
      </div>
      <div className="lst">
        <ListBody
          query={query}
          filtered={Boolean(filters.search || filters.role || filters.status)}
          clear={clear}
          icon="person"
          noun={t("users")}
          empty={{ title: t("No user yet"), text: t("Whoever is invited stands here."), action: invite }}
        >
          {(rows) => (
            <DataTable
              label={t("Users")}
              rows={rows}
              rowKey={(u) => u.id}
              {...(manages && { onOpen: (u: User) => set({ user: u.id, page: filters.page }) })}
              columns={[
                {
                  head: t("Name"),
                  wide: true,
                  cell: (u) => (
                    <span className="medium">
                      {u.name || u.email} {u.id === session.user?.id && <span className="tag">{t("you")}</span>}
                    </span>
                  ),
                },
                { head: t("E-mail"), from: "sm", cell: (u) => <span className="t2">{u.email}</span> },
                { head: t("Role"), cell: (u) => word(u.role) },
                { head: t("State"), cell: (u) => <Status is={u.status} /> },
                { head: t("Since"), from: "md", align: "end", cell: (u) => <Moment at={u.created_at} /> },
              ]}
            />
          )}
        </ListBody>
      </div>
      <Pager meta={query.data?.meta} rows={query.data?.rows.length ?? 0} page={page} onPage={(p) => set({ page: String(p) })} noun={t("users")} />
      {manages && (filters.new || open) && (
        <UserForm
          key={open?.id ?? "new"}
          user={open}
          owner={session.role === "owner"}
          onClose={close}
          onDone={(said) => {
            close()
            toast.say(said)
          }}
        />
      )}
    </Page>
  )
}

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { type ApiKey, keysQuery, useKeyActions } from "../../key/api"
import { NewKey } from "../../key/NewKey"
import { t } from "../../text"
import { Button } from "../../ui/Button"
import { Confirm } from "../../ui/Confirm"
import { DataTable } from "../../ui/DataTable"
import { ListBody, Pager, useFilters } from "../../ui/list"
import { Moment } from "../../ui/Moment"
import { Page } from "../../ui/Page"
import { useToast } from "../../ui/Toast"
import { word } from "../../ui/words"
import { SettingsTabs } from "./SettingsTabs"

export default function ApiKeysPage() {
  const { filters, set, clear } = useFilters()
  const page = Number(filters.page ?? 1)
  const query = useQuery({ ...keysQuery(page), placeholderData: keepPreviousData })
  const [revoking, setRevoking] = useState<ApiKey | undefined>()
  const { revoke } = useKeyActions()
  const toast = useToast()
  const create = (
    <Button needs="keys:manage" look="primary" size="sm" icon="plus" onClick={() => set({ new: "1" })}>
      {t("New API key")}
    </Button>
  )
  return (
    <Page title={t("API keys")} crumbs={[{ label: t("Settings"), to: "/settings" }]} actions={create}>
      <SettingsTabs />
      <div className="lst">
        <ListBody
          query={query}
          filtered={false}
          clear={clear}
          icon="key"
          noun={t("keys")}
          empty={{
            title: t("No API key yet"),
            text: t("A program that calls the API has a key of its own, with a role, so that each can be taken away without the others."),
            action: create,
          }}
        >
          {(rows) => (
            <DataTable
              label={t("API keys")}
              rows={rows}
              rowKey={(k) => k.id}
              columns={[
                { head: t("Name"), wide: true, cell: (k) => <span className="medium">{k.name}</span> },
                { head: t("Key"), from: "sm", cell: (k) => <code className="t2">••••{k.hint}</code> },
                { head: t("Role"), cell: (k) => word(k.role) },
                {
                  head: t("Last used"),
                  from: "md",
                  cell: (k) => (k.last_used_at ? <Moment at={k.last_used_at} /> : <span className="t3">{t("never")}</span>),
                },
                { head: t("Works until"), from: "sm", cell: (k) => (k.expires_at ? <Moment at={k.expires_at} /> : t("it is revoked")) },
                {
                  head: t("Actions"),
                  hideHead: true,
                  align: "end",
                  cell: (k) => (
                    <Button
                      needs="keys:manage"
                      size="xs"
                      look="danger"
                      aria-label={t("Revoke {name}", { name: k.name })}
                      onClick={() => setRevoking(k)}
                    >
                      {t("Revoke")}
                    </Button>
                  ),
                },
              ]}
            />
          )}
        </ListBody>
      </div>
      <Pager meta={query.data?.meta} rows={query.data?.rows.length ?? 0} page={page} onPage={(p) => set({ page: String(p) })} noun={t("keys")} />
      {filters.new && <NewKey onClose={() => set({ new: undefined }, true)} />}
      {revoking && (
        <Confirm
          title={t("Revoke {name}?", { name: revoking.name })}
          open
          onClose={() => setRevoking(undefined)}
          effect={t("Revoke key")}
          act={async () => {
            await revoke.mutateAsync(revoking.id)
            toast.say(t("{name} no longer works", { name: revoking.name }))
          }}
        >
          <p>{t("Calls with it are refused at once. A key that is revoked cannot be brought back.")}</p>
        </Confirm>
      )}
    </Page>
  )
}

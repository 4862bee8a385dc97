import { useQuery } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { providersQuery } from "../../provider/api"
import { NewProvider } from "../../provider/NewProvider"
import { ProviderTable } from "../../provider/ProviderTable"
import { t } from "../../text"
import { Button } from "../../ui/Button"
import { ListBody, SearchBox, useFilters } from "../../ui/list"
import { Page } from "../../ui/Page"

export default function ProvidersPage() {
  const { filters, set, clear } = useFilters()
  const query = useQuery(providersQuery(filters.search))
  const navigate = useNavigate()
  const add = () => set({ new: "type" })
  const create = (
    <Button needs="configuration:write" look="primary" size="sm" icon="plus" onClick={add}>
      {t("New provider")}
    </Button>
  )
  return (
    <Page title={t("Providers")} actions={create}>
      <div className="filters">
        <SearchBox label={t("Name")} value={filters.search ?? ""} onChange={(search) => set({ search }, true)} />
      </div>
      <div className="lst">
        <ListBody
          query={query}
          filtered={Boolean(filters.search)}
          clear={clear}
          icon="plug"
          noun={t("providers")}
          empty={{
            title: t("No provider yet"),
            text: t("A provider is one account of a system that sends its calls, deals or orders here. Create one to get its URLs and its key."),
            action: (
              <Button needs="configuration:write" onClick={add}>
                {t("New provider")}
              </Button>
            ),
          }}
        >
          {(rows) => <ProviderTable rows={rows} onOpen={(p) => navigate({ to: `/providers/${p.id}` })} />}
        </ListBody>
      </div>
      {filters.new && (
        <NewProvider
          step={filters.new}
          onStep={(step) => set({ new: step }, true)}
          onClose={() => set({ new: undefined }, true)}
          onDone={(p) => navigate({ to: `/providers/${p.id}`, replace: true })}
        />
      )}
    </Page>
  )
}

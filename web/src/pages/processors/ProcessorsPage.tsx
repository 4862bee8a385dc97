import { useQuery } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { useState } from "react"
import { dependentsQuery, type Processor, processorsQuery, useProcessorActions } from "../../processor/api"
import { NewProcessor } from "../../processor/NewProcessor"
import { ProcessorTable } from "../../processor/ProcessorTable"
import { providersQuery } from "../../provider/api"
import { t } from "../../text"
import { Button } from "../../ui/Button"
import { DeleteWithDependents } from "../../ui/DeleteWithDependents"
import { FilterPick, ListBody, SearchBox, useFilters } from "../../ui/list"
import { Page } from "../../ui/Page"
import { useToast } from "../../ui/Toast"

export default function ProcessorsPage() {
  const { filters, set, clear } = useFilters()
  const query = useQuery(processorsQuery({ search: filters.search, provider_id: filters.provider_id }))
  const providers = useQuery(providersQuery())
  const navigate = useNavigate()
  const add = () => set({ new: "1" })
  const [removing, setRemoving] = useState<Processor | undefined>()
  const { remove } = useProcessorActions()
  const toast = useToast()
  const named = providers.data?.rows.map((p) => ({ id: p.id, name: p.name })) ?? []
  return (
    <Page
      title={t("Processors")}
      actions={
        <Button needs="configuration:write" look="primary" size="sm" icon="plus" onClick={add}>
          {t("New processor")}
        </Button>
      }
    >
      <div className="filters">
        <SearchBox label={t("Name")} value={filters.search ?? ""} onChange={(search) => set({ search }, true)} />
        <FilterPick
          label={t("provider")}
          value={filters.provider_id ?? ""}
          options={named.map((p) => ({ value: p.id, label: p.name }))}
          onChange={(provider_id) => set({ provider_id })}
        />
      </div>
      <div className="lst">
        <ListBody
          query={query}
          filtered={Boolean(filters.search || filters.provider_id)}
          clear={clear}
          icon="flow"
          noun={t("processors")}
          empty={{
            title: t("No processor yet"),
            text: t("A processor reads one delivery, decides what to write, and explains each step."),
            action: (
              <Button needs="configuration:write" onClick={add}>
                {t("New processor")}
              </Button>
            ),
          }}
        >
          {(rows) => <ProcessorTable rows={rows} onOpen={(p) => navigate({ to: `/processors/${p.id}` })} onDelete={setRemoving} />}
        </ListBody>
      </div>
      {removing && (
        <DeleteWithDependents
          noun={t("processor")}
          name={removing.name}
          open
          onClose={() => setRemoving(undefined)}
          query={dependentsQuery(removing.id)}
          act={async () => {
            await remove.mutateAsync(removing.id)
            toast.say(t("{name} is deleted", { name: removing.name }))
          }}
        />
      )}
      <NewProcessor
        open={filters.new !== undefined}
        onClose={() => set({ new: undefined }, true)}
        onDone={(p) => navigate({ to: `/processors/${p.id}` })}
      />
    </Page>
  )
}

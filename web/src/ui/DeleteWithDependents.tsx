import { useQuery } from "@tanstack/react-query"
import { Confirm } from "./Confirm"
import { number } from "./format"

// What hangs on a thing: what goes with it, and what stays.
export interface Dependents {
  goes: { what: string; count: number; names?: string[] }[]
  stays: { what: string; count: number }[]
}

interface Props {
  noun: string
  name: string
  open: boolean
  onClose: () => void
  query: { queryKey: readonly unknown[]; queryFn: () => Promise<Dependents> }
  act: () => Promise<unknown>
}

// DeleteWithDependents names what hangs on a thing before it goes.
export function DeleteWithDependents({ noun, name, open, onClose, query, act }: Props) {
  const hanging = useQuery({ ...query, enabled: open, staleTime: 0 })
  return (
    <Confirm title={`Delete ${name}?`} open={open} onClose={onClose} effect={`Delete ${noun}`} act={act}>
      {hanging.isPending && <p className="t2">Looking what hangs on it.</p>}
      {hanging.isError && <p className="t2">What hangs on it could not be read: {hanging.error.message}</p>}
      {hanging.data && (
        <div className="stack-s">
          {hanging.data.goes.length > 0 ? (
            <>
              <p>Goes with it, or stops:</p>
              <ul className="dots">
                {hanging.data.goes.map((g) => (
                  <li key={g.what}>
                    <b className="medium num">{number(g.count)}</b> {g.what}
                    {g.names && g.names.length > 0 && <span className="t2">: {g.names.join(", ")}</span>}
                  </li>
                ))}
              </ul>
            </>
          ) : (
            <p>Nothing hangs on it.</p>
          )}
          {hanging.data.stays.length > 0 && (
            <p className="t2">Stays: {hanging.data.stays.map((s) => `${number(s.count)} ${s.what}`).join(", ")}.</p>
          )}
        </div>
      )}
    </Confirm>
  )
}

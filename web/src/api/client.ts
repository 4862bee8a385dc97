// The one way to the server. Paths, queries and bodies are checked against the OpenAPI document (schema.d.ts is generated
// from it). Every answer comes in an envelope; thing and page hand out what is inside it, or throw a Failed that a page
// can show: cause, request id, and the details of what was wrong.
import createClient from "openapi-fetch"
import { language, t } from "../text"
import { parseExact } from "./exact"
import type { components, paths } from "./schema"

type Schemas = components["schemas"]

// Lists are never null in an answer, though the document allows for it.
type Filled<T> = { [K in keyof T]: NonNullable<T[K]> extends readonly (infer E)[] ? E[] : T[K] }

// Of is a shape of the document, with fields said better than it can (what may be null, exact numbers). A field that the
// document does not have does not compile.
export type Of<Name extends keyof Schemas, Better extends Partial<Record<keyof Schemas[Name], unknown>> = Record<never, never>> = Omit<
  Filled<Schemas[Name]>,
  keyof Better
> &
  Better

export type Meta = Schemas["Meta"]
export type Detail = Schemas["Detail"]

export class Failed extends Error {
  readonly status: number // 0: no answer came
  readonly code: string
  readonly details: Detail[]
  readonly requestId: string
  constructor(status: number, code: string, message: string, details: Detail[] = [], requestId = "") {
    super(message)
    this.status = status
    this.code = code
    this.details = details
    this.requestId = requestId
  }
}

// Who is told when the server no longer knows the session.
const enders = new Set<() => void>()

export function onSignedOut(told: () => void): () => void {
  enders.add(told)
  return () => enders.delete(told)
}

// knows refuses an answer to somebody whom the server does not know, and tells of it.
export function knows(status: number): void {
  if (status !== 401) return
  for (const told of enders) told()
  throw new Failed(status, "SIGNED_OUT", t("You are signed out. Sign in again."))
}

// entering are the calls of those who are not known yet: what is refused there is no end of a session.
const entering = /^\/v1\/auth\/(login|session|setup|setup-state)$/

// silent says what it means that no answer came. What was to be written is not, where the browser knows that it is offline;
// else it may have been on its way.
function silent(asks: boolean): Failed {
  if (asks) return new Failed(0, "NO_ANSWER", t("The server did not answer. Check that it runs and that this machine is online."))
  if (!navigator.onLine) return new Failed(0, "NO_ANSWER", t("Not saved: the server cannot be reached. Try it again when it answers."))
  return new Failed(
    0,
    "NO_ANSWER",
    t("Not saved, as far as is known here: the server cannot be reached. Look whether it was before you try it again."),
  )
}

// exactly reads every answer with all its digits, whatever the library around it would do.
async function exactly(request: Request): Promise<Response> {
  const enters = entering.test(new URL(request.url).pathname)
  let response: Response
  try {
    response = await fetch(request)
  } catch (cause) {
    if (request.signal.aborted) throw cause
    throw silent(enters || request.method === "GET")
  }
  if (!enters) knows(response.status)
  const text = response.status === 204 ? "" : await response.text()
  let body: unknown
  try {
    body = text === "" ? undefined : parseExact(text)
  } catch {
    throw new Failed(
      response.status,
      "NOT_JSON",
      t("The server answered {status} with something that is no JSON. Is there a proxy in between?", { status: response.status }),
    )
  }
  if (!response.ok) throw refused(response.status, body)
  const read = new Response(null, { status: response.status, headers: { "Content-Length": String(text.length) } })
  const version = response.headers.get("ETag")
  if (version) read.headers.set("ETag", version)
  read.json = async () => body
  return read
}

export function refused(status: number, body: unknown): Failed {
  const { error, meta } = (body ?? {}) as Partial<Schemas["Failure"]>
  return new Failed(
    status,
    error?.code ?? "UNKNOWN",
    error?.message ?? t("The server answered {status}.", { status }),
    error?.details ?? [],
    meta?.request_id,
  )
}

// The server writes its sentences in the language of the page.
export const api = createClient<paths>({ baseUrl: location.origin, fetch: exactly, headers: { "Accept-Language": language() } })

export interface Page<T> {
  rows: T[]
  meta: Meta
}

type Answer<D> = Promise<{ data?: D }>

type Got<T> = NonNullable<T> extends readonly (infer E)[] ? Filled<E>[] : Filled<T>

// thing is what an answer is about.
export async function thing<T>(answer: Answer<{ data: T }>): Promise<Got<T>> {
  return ((await answer).data as { data: Got<T> }).data
}

// versioned is what an answer is about, with the version to name when it is changed.
export async function versioned<T>(answer: Promise<{ data?: { data: T }; response: Response }>): Promise<Got<T> & { version: string | undefined }> {
  const { data, response } = await answer
  return { ...(data as { data: Got<T> }).data, version: response.headers.get("ETag") ?? undefined }
}

// page is one page of a list.
export async function page<T>(answer: Answer<{ data: T[] | null; meta: Meta }>): Promise<Page<Filled<T>>> {
  const { data, meta } = (await answer).data as { data: Filled<T>[]; meta: Meta }
  return { rows: data, meta }
}

// done is an answer without anything in it.
export async function done(answer: Promise<unknown>): Promise<void> {
  await answer
}

// FiltersOf are the query parameters of a list, each of which may be left open.
export type FiltersOf<P extends keyof paths> = paths[P] extends { get: { parameters: { query?: infer Q } } }
  ? { [K in keyof NonNullable<Q>]?: NonNullable<Q>[K] | undefined }
  : never

// given leaves out what is open, so that it is not sent.
export function given<T extends object>(filters: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(filters).filter(([, v]) => v !== undefined && v !== "")) as { [K in keyof T]: Exclude<T[K], undefined> }
}

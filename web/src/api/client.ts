// The one way to the server. Every answer comes in an envelope; get, post … hand out what is inside it or throw a Failed
// that a page can show: cause, request id, and the details of what was wrong.
import { parseExact } from "./exact"

export interface Meta {
  request_id: string
  timestamp: string
  total?: number
  page?: number
  per_page?: number
  total_pages?: number
  next_cursor?: string
}

export interface Detail {
  field?: string
  index?: number
  code: string
  severity?: "error" | "warning"
  instruction_id?: string
  pointer?: string
  message: string
  hint?: string
  line?: number
  column?: number
}

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

export interface Page<T> {
  rows: T[]
  meta: Meta
}

export type Query = Record<string, string | number | boolean | undefined>

interface Request {
  query?: Query
  body?: unknown
  type?: string // content type of a body that is text already
  signal?: AbortSignal
}

async function call(
  method: string,
  path: string,
  { query, body, type, signal }: Request = {},
): Promise<{ data: unknown; meta: Meta }> {
  const search = new URLSearchParams()
  for (const [k, v] of Object.entries(query ?? {})) if (v !== undefined && v !== "") search.set(k, String(v))
  const url = search.size > 0 ? `${path}?${search}` : path
  const init: RequestInit = {
    method,
    credentials: "same-origin",
    headers: { Accept: "application/json" },
    signal: signal ?? null,
  }
  if (body !== undefined) {
    init.body = type ? String(body) : JSON.stringify(body)
    init.headers = { Accept: "application/json", "Content-Type": type ?? "application/json" }
  }
  let response: Response
  try {
    response = await fetch(url, init)
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new Failed(0, "NO_ANSWER", "The server did not answer. Check that it runs and that this machine is online.")
  }
  const text = await response.text()
  let envelope: { data?: unknown; meta?: Meta; error?: { code: string; message: string; details?: Detail[] } }
  try {
    envelope = text === "" ? {} : (parseExact(text) as typeof envelope)
  } catch {
    throw new Failed(
      response.status,
      "NOT_JSON",
      `The server answered ${response.status} with something that is no JSON. Is there a proxy in between?`,
    )
  }
  const meta = envelope.meta ?? { request_id: "", timestamp: "" }
  if (!response.ok || envelope.error) {
    const e = envelope.error
    throw new Failed(
      response.status,
      e?.code ?? "UNKNOWN",
      e?.message ?? `The server answered ${response.status}.`,
      e?.details ?? [],
      meta.request_id,
    )
  }
  return { data: envelope.data, meta }
}

export async function get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  return (await call("GET", path, { ...(query && { query }), ...(signal && { signal }) })).data as T
}

export async function list<T>(path: string, query?: Query, signal?: AbortSignal): Promise<Page<T>> {
  const { data, meta } = await call("GET", path, { ...(query && { query }), ...(signal && { signal }) })
  return { rows: (data ?? []) as T[], meta }
}

export async function post<T>(path: string, body: unknown = {}): Promise<T> {
  return (await call("POST", path, { body })).data as T
}

export async function patch<T>(path: string, body: unknown): Promise<T> {
  return (await call("PATCH", path, { body })).data as T
}

export async function put<T>(path: string, body: unknown, type?: string): Promise<T> {
  return (await call("PUT", path, { body, ...(type && { type }) })).data as T
}

export async function remove(path: string, query?: Query): Promise<void> {
  await call("DELETE", path, { ...(query && { query }) })
}

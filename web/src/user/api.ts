import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { api, done, type FiltersOf, given, type Of, page, thing } from "../api/client"

export type User = Of<"User">
export type Role = User["role"]

// All users, to name who did something.
export const usersQuery = queryOptions({
  queryKey: ["users"],
  queryFn: ({ signal }) => page(api.GET("/v1/users", { params: { query: { per_page: 100 } }, signal })),
  staleTime: 60_000,
})

export const userListQuery = (filters: FiltersOf<"/v1/users">) =>
  queryOptions({
    queryKey: ["users", filters],
    queryFn: ({ signal }) => page(api.GET("/v1/users", { params: { query: given(filters) }, signal })),
  })

export function useUserActions() {
  const queries = useQueryClient()
  const onSuccess = () => queries.invalidateQueries({ queryKey: ["users"] })
  return {
    create: useMutation({ mutationFn: (body: Of<"UserInputBody">) => thing(api.POST("/v1/users", { body })), onSuccess }),
    change: useMutation({
      mutationFn: ({ id, ...body }: { id: string } & Of<"UserChangeInputBody">) =>
        thing(api.PATCH("/v1/users/{id}", { params: { path: { id } }, body })),
      onSuccess,
    }),
  }
}

// useChangePassword changes one's own; other sessions end.
export function useChangePassword() {
  return useMutation({ mutationFn: (body: Of<"PasswordInputBody">) => done(api.PUT("/v1/auth/password", { body })) })
}

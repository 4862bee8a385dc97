package library

import (
	"strings"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var upsertAgentExternalIdentity = func() *Operation {
	o := identity("agent",
		"A seller as the sender knows them. It is linked to an agent of yours later, or ignored.",
		[]Example{
			{`- {type: upsert_agent_external_identity, external_id: " 7 ", external_name: Cas Bos, email: Cas@Example.test}`, `agent 7 external_name="Cas Bos" email="cas@example.test"`},
			{`- {type: upsert_agent_external_identity, external_id: "7", email: cas}`, `!unreadable`},
		},
		field("email", types.Text, "E-mail", "Kept in small letters."),
		identityField("team"))
	o.Clean = map[string]Cleaner{"email": cleanEmail}
	return o
}()

// cleanEmail takes blank text as none, as senders write it.
func cleanEmail(_ *run.Frame, v value.Value) (value.Value, *run.DataError) {
	email := strings.ToLower(strings.TrimSpace(v.Text()))
	switch {
	case email == "":
		return value.Null(), nil
	case !strings.Contains(email, "@"):
		return v, run.Fail("unreadable", v, Preview(v)+" is no e-mail address: it has no @", "Check what the sender puts here.")
	}
	return value.Text(email), nil
}

package access_test

import (
	"strings"
	"testing"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
)

func TestRoles(t *testing.T) {
	t.Parallel()
	tests := []struct {
		role       access.Role
		permission access.Permission
		may        bool
	}{
		{access.Owner, access.ManageUsers, true},
		{access.Admin, access.WriteSettings, true},
		{access.Member, access.LinkIdentities, true},
		{access.Member, access.WriteConfig, false},
		{access.Viewer, access.ReadData, true},
		{access.Viewer, access.RunProcessors, false},
		{"", access.Public, true},
		{"", access.SignedIn, false},
		{"king", access.ReadData, false},
		{access.Owner, "unknown:permission", false},
	}
	for _, tt := range tests {
		if got := tt.role.May(tt.permission); got != tt.may {
			t.Errorf("%q may %s: %t, want %t", tt.role, tt.permission, got, tt.may)
		}
	}
	for i, mightier := range access.Roles {
		for _, p := range access.Permissions {
			for _, lesser := range access.Roles[i:] {
				if lesser.May(p) && !mightier.May(p) {
					t.Errorf("%s may %s and %s may not", lesser, p, mightier)
				}
			}
		}
	}
}

func TestNobodyMakesAMightierOne(t *testing.T) {
	t.Parallel()
	admin := access.Principal{TenantID: 1, UserID: 2, Role: access.Admin}
	if _, err := access.NewUser(admin, "a@b.test", "A", access.Owner, ""); !fault.Is(err, fault.Forbidden) {
		t.Errorf("an administrator makes an owner: %v", err)
	}
	member := access.Principal{TenantID: 1, UserID: 2, Role: access.Member}
	if _, _, err := access.NewKey(member, "Robot", access.Admin, 0, 0); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a member makes an administrator's key: %v", err)
	}
	owner := access.User{Role: access.Owner, Status: access.Active, PasswordHash: "x"}
	viewer := access.Viewer
	if _, err := owner.With(admin, access.UserChange{Role: &viewer}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("an administrator demotes an owner: %v", err)
	}
}

func TestPasswords(t *testing.T) {
	t.Parallel()
	h := access.NewHasher()
	hash, err := h.Hash(t.Context(), "correct horse battery")
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatalf("%v: %s", err, hash)
	}
	again, err := h.Hash(t.Context(), "correct horse battery")
	if err != nil || again == hash {
		t.Errorf("two hashes of one password are the same: %v", err)
	}
	for password, want := range map[string]bool{"correct horse battery": true, "correct horse batterz": false, "": false, strings.Repeat("x", 300): false} {
		if got, err := h.Matches(t.Context(), password, hash); got != want || err != nil {
			t.Errorf("%q matches: %t, %v", password, got, err)
		}
	}
	if got, err := h.Matches(t.Context(), "", ""); got || err != nil {
		t.Errorf("no hash matches: %t, %v", got, err)
	}
	for _, damaged := range []string{"x", "$argon2id$v=19$m=1$$", "$argon2id$v=18$m=19456,t=2,p=1$AAAA$AAAA", "$argon2id$v=19$m=19456,t=2,p=1$!$AAAA"} {
		if got, err := h.Matches(t.Context(), "x", damaged); got || err == nil {
			t.Errorf("%s: %t, %v", damaged, got, err)
		}
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	owner := access.Principal{TenantID: 1, UserID: 2, Role: access.Owner}
	k, secret, err := access.NewKey(owner, " Robot ", access.Member, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(secret, access.KeyPrefix) || len(secret) < 30 || k.Name != "Robot" || !strings.HasSuffix(secret, k.Hint) {
		t.Errorf("the key is %+v with the secret %s", k, secret)
	}
	if string(k.Hash) != string(access.HashKey(secret)) || strings.Contains(string(k.Hash), secret) {
		t.Error("the hash is not the secret's")
	}
	for name, role := range map[string]access.Role{"": access.Member, "x": access.Owner, "y": "king"} {
		if _, _, err := access.NewKey(owner, name, role, 0, 0); !fault.Is(err, fault.Invalid) {
			t.Errorf("a key %q that is %q: %v", name, role, err)
		}
	}
}

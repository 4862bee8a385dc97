package record

import (
	"cmp"
	"fmt"
	"slices"
)

// Need is what a group has to load and lock before its units run. Slices are sorted and without duplicates once
// Normalize has been called.
type Need struct {
	Keys     []Key        // identities and records
	Contacts []ContactKey // all records of a contact
	Users    []UserKey    // by e-mail
	Agents   []int64      // by number, with their user if any
	Teams    []int64      // by number
	Events   []EventKey   // sender's event ids that may have been seen
	Rerun    []int64      // stored executions that units will run again, locked
}

// Add takes over all that o names.
func (n *Need) Add(o *Need) {
	n.Keys = append(n.Keys, o.Keys...)
	n.Contacts = append(n.Contacts, o.Contacts...)
	n.Users = append(n.Users, o.Users...)
	n.Agents = append(n.Agents, o.Agents...)
	n.Teams = append(n.Teams, o.Teams...)
	n.Events = append(n.Events, o.Events...)
	n.Rerun = append(n.Rerun, o.Rerun...)
}

// Normalize sorts and drops duplicates, so that everybody locks in the same order.
func (n *Need) Normalize() {
	n.Keys = sorted(n.Keys, Key.Compare)
	n.Contacts = sorted(n.Contacts, ContactKey.Compare)
	n.Users = sorted(n.Users, UserKey.Compare)
	n.Agents = sorted(n.Agents, cmp.Compare[int64])
	n.Teams = sorted(n.Teams, cmp.Compare[int64])
	n.Events = sorted(n.Events, EventKey.compare)
	n.Rerun = sorted(n.Rerun, cmp.Compare[int64])
}

func sorted[T comparable](s []T, compare func(a, b T) int) []T {
	slices.SortFunc(s, compare)
	return slices.Compact(s)
}

// Compare orders contacts as their records are ordered: by noun, provider, then contact key.
func (k ContactKey) Compare(o ContactKey) int {
	return cmp.Or(cmp.Compare(k.Noun, o.Noun), cmp.Compare(k.ProviderID, o.ProviderID), cmp.Compare(k.Contact, o.Contact))
}

// Compare orders users by tenant, then e-mail.
func (k UserKey) Compare(o UserKey) int {
	return cmp.Or(cmp.Compare(k.TenantID, o.TenantID), cmp.Compare(k.Email, o.Email))
}

func (k EventKey) compare(o EventKey) int {
	return cmp.Or(cmp.Compare(k.ProviderID, o.ProviderID), cmp.Compare(k.Door, o.Door),
		cmp.Compare(k.SourceID, o.SourceID), cmp.Compare(k.EventID, o.EventID))
}

// NotLoaded is the error of a unit that asked for what its group has not loaded: the group has to begin again with this
// need added. It names what the units before it asked for in vain, too.
type NotLoaded struct{ Need Need }

func (e *NotLoaded) Error() string {
	n := &e.Need
	switch {
	case len(n.Keys) > 0:
		return fmt.Sprintf("%s %q of provider %d has not been loaded", n.Keys[0].Noun, n.Keys[0].ExternalID, n.Keys[0].ProviderID)
	case len(n.Contacts) > 0:
		return fmt.Sprintf("the records of kind %s of a contact of provider %d have not been loaded", n.Contacts[0].Noun, n.Contacts[0].ProviderID)
	case len(n.Users) > 0:
		return fmt.Sprintf("a user of tenant %d has not been loaded", n.Users[0].TenantID)
	case len(n.Agents) > 0:
		return fmt.Sprintf("agent %d has not been loaded", n.Agents[0])
	default:
		return fmt.Sprintf("team %d has not been loaded", n.Teams[0])
	}
}

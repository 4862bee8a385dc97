// Package peer says who is at the other end of a connection: the address of the caller, whom proxies may stand before, and
// what of it may be kept. It keeps nothing and knows no one.
package peer

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// forwardedHeader is where a proxy notes who called it: each adds one address on the right.
const forwardedHeader = "X-Forwarded-For"

// Address is the address of who calls, "" for a caller without one. Only a trusted proxy is believed what it says
// of its own caller: the header is read from the right, and the first address that is no trusted proxy's is the caller's.
// What stands left of that is his own word. Where a proxy says something that is no address, it is itself the caller.
func Address(r *http.Request, proxies []netip.Prefix) string {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	caller := from.Addr().Unmap().WithZone("")
	said := strings.Join(r.Header.Values(forwardedHeader), ",")
	for said != "" && trusted(proxies, caller) {
		i := strings.LastIndexByte(said, ',')
		address, ok := forwarded(said[i+1:])
		if !ok {
			break
		}
		caller, said = address, said[:max(i, 0)]
	}
	return caller.String()
}

func trusted(proxies []netip.Prefix, a netip.Addr) bool {
	return slices.ContainsFunc(proxies, func(p netip.Prefix) bool { return p.Contains(a) })
}

// forwarded reads one address of the header; some proxies add the port.
func forwarded(text string) (netip.Addr, bool) {
	text = strings.TrimSpace(text)
	a, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(text, "["), "]"))
	if err != nil {
		with, err := netip.ParseAddrPort(text)
		if err != nil {
			return netip.Addr{}, false
		}
		a = with.Addr()
	}
	return a.Unmap().WithZone(""), true
}

// How much of a public address its network is: of IPv4 what a house or a small company has, of IPv6 what one customer of a
// provider has.
const (
	network4 = 24
	network6 = 48
)

// Network is what may be kept of an address: whole where it is of this machine or of a network of one's own, which tells of
// a machine and no person; else the network it is in, "203.0.113.0/24". What is no address is "".
func Network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return ""
	}
	a = a.Unmap().WithZone("")
	if a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() {
		return a.String()
	}
	bits := network6
	if a.Is4() {
		bits = network4
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return ""
	}
	return p.String()
}

package api

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// forwardedHeader is where a proxy notes who called it: each adds one address on the right.
const forwardedHeader = "X-Forwarded-For"

// callerAddress is the address of who calls, "" for a caller without one. Only a trusted proxy is believed what it says
// of its own caller: the header is read from the right, and the first address that is no trusted proxy's is the caller's.
// What stands left of that is his own word. Where a proxy says something that is no address, it is itself the caller.
func callerAddress(r *http.Request, proxies []netip.Prefix) string {
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

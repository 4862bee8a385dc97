package tree

import "strconv"

// Place is where in the tree something stands: a chain from the innermost key or index outwards, so that walking a spec
// costs no text until there is a problem to tell. The nil Place is the spec itself.
type Place struct {
	up    *Place
	key   string
	index int
}

// Key is the place of a key within p.
func (p *Place) Key(key string) *Place { return &Place{up: p, key: key, index: -1} }

// Index is the place of an item within p.
func (p *Place) Index(i int) *Place { return &Place{up: p, index: i} }

// Pointer is the place as a JSON Pointer.
func (p *Place) Pointer() string { return string(p.appendTo(nil)) }

func (p *Place) appendTo(b []byte) []byte {
	if p == nil {
		return b
	}
	b = append(p.up.appendTo(b), '/')
	if p.index >= 0 {
		return strconv.AppendInt(b, int64(p.index), 10)
	}
	return append(b, escape(p.key)...)
}

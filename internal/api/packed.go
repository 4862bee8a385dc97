package api

import (
	"net/http"

	"github.com/klauspost/compress/gzhttp"
)

// worthPacking: shorter answers fit into one packet as they are.
const worthPacking = 1200 // bytes

// jitter of an answer's length, in bytes: with what a caller put into it himself the length would tell about the rest.
const jitter = 32

// packed sends text in gzip to who takes it. The doors are not behind it: their answers are short.
func packed(next http.Handler) http.Handler {
	pack, err := gzhttp.NewWrapper(
		gzhttp.MinSize(worthPacking),
		gzhttp.EnableZstd(false),
		gzhttp.RandomJitter(jitter, 0, false),
		gzhttp.ContentTypes([]string{
			"application/json", "application/openapi+json", linesMedia, "application/yaml", "text/html", "text/css", "text/javascript", "text/csv", "text/plain", "image/svg+xml",
		}),
	)
	if err != nil {
		panic(err) // the options are constants
	}
	return pack(next)
}

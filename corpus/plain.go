package corpus

import "context"

// readText reads a page of plain text.
func readText(ctx context.Context, in *input, out *sink) error {
	raw, err := in.all(in.o.Limits.pageLimit())
	if err != nil {
		return err
	}
	t, enc, warn, err := decode(raw, "", 0)
	if err != nil {
		return in.reject(ClassEncoding, "", "", err)
	}
	in.Encoding = enc
	d := in.draft()
	d.warn = warn
	return out.page(d, []para{{text: t}})
}

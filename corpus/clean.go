package corpus

// finish makes the article of a draft.
func finish(d *draft, o Options) (*Article, error) {
	a := &Article{Source: d.source}
	var b TextBuilder
	for i, p := range d.pieces {
		if i > 0 {
			b.Insert("\n")
		}
		a.Blocks = append(a.Blocks, Block{Role: p.role, Span: b.Append(p.text)})
	}
	a.Text = b.Text()
	return a, nil
}

package corpus

// page cuts a page into articles and hands them on; d is what they have in common.
func (s *sink) page(d *draft, ps []para) error {
	for _, p := range ps {
		d.pieces = append(d.pieces, piece{role: p.role, text: p.text})
	}
	return s.draft(d)
}

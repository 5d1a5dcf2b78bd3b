// Package times finds the expressions of time in an article and resolves them
// to days.
//
//	d.Times = nil
//	err := times.Stage().Annotate(d)
package times

import (
	"longmai/corpus"
	"longmai/pipeline"
)

// Stage returns the stage that adds the layer of times.
func Stage() pipeline.Stage {
	return pipeline.Stage{
		Name:     "times",
		Needs:    []pipeline.Layer{pipeline.Sentences},
		Adds:     []pipeline.Layer{pipeline.Times},
		Annotate: annotate,
	}
}

func annotate(d *pipeline.Document) error {
	t, err := shipped()
	if err != nil {
		return err
	}
	words, err := cues()
	if err != nil {
		return err
	}
	r := &reader{p: parser{t: t, s: d.Body(), issue: d.Date.Year}, cues: words, ctx: context{issue: d.Date}, d: d}
	block := -1
	d.Times = nil
	for i, s := range d.Sentences {
		if b := r.block(s, block); b != block {
			block = b
			r.ctx.leaveBlock()
		}
		r.read(s, i)
	}
	return nil
}

// A reader takes the sentences of a document in order and keeps the context.
type reader struct {
	p    parser
	cues cueWords
	ctx  context
	d    *pipeline.Document
}

// block returns the index of the block of s, which is not before block from.
func (r *reader) block(s pipeline.Span, from int) int {
	i := max(from, 0)
	for i < len(r.d.Blocks)-1 && r.d.Blocks[i].Span.End <= s.Start {
		i++
	}
	return i
}

// read adds the times of one sentence.
func (r *reader) read(s pipeline.Span, sentence int) {
	r.p.exprs = r.p.exprs[:0]
	r.p.sentence(s.Start, s.End)
	for i := range r.p.exprs {
		e := r.p.exprs[i]
		q := r.cues.look(&r.p, e)
		t := r.ctx.resolve(e, sentence, q)
		t.Role = r.cues.role(&r.p, e, t, r.ctx.issue, q)
		if d := r.d.Dateline; d != nil && d.Span.Contains(t.Span) && t.Precision == Day {
			t.Role = Dateline
			if !d.Date.IsZero() {
				t.From, t.To = d.Date, d.Date
			}
		}
		r.ctx.see(t, e, sentence)
		r.d.Times = append(r.d.Times, t)
	}
}

// leaveBlock forgets what holds only within a paragraph.
func (c *context) leaveBlock() {
	c.last, c.named, c.targets = pipeline.Time{}, false, 0
	c.blockPeriod = false
}

// see remembers t for the expressions behind it.
func (c *context) see(t pipeline.Time, e expr, sentence int) {
	if t.Role == Target {
		if c.target.To.IsZero() || c.targetAt != sentence {
			c.targets = 0
		}
		c.target, c.targetAt = t, sentence
		c.targets++
	}
	switch {
	case e.a.rule == "relative.none":
		c.loose = sentence + 1
	case e.a.yref != open:
		c.loose = 0
	}
	if t.Role == Basis || t.To.IsZero() || t.Precision == Clock || e.a.shape == echo || e.a.shape == same {
		return
	}
	last := e.a
	if e.ranged {
		last = e.b
	}
	c.named = last.yref == fixed || last.yref == issue || last.yref == prior || last.shape == given || c.named && c.inherits(last, sentence)
	c.last, c.lastAt, c.dated = t, sentence, last.yref == fixed
	if t.Role == Dateline || t.From.IsZero() || t.Role == Target {
		return
	}
	if t.Precision == Year && c.blockPeriod && c.period.Precision != Year && c.period.Precision != Day {
		return
	}
	c.period, c.blockPeriod = t, true
}

// resolve turns an expression into a time, without its role.
func (c *context) resolve(e expr, sentence int, q cue) pipeline.Time {
	last := e.a
	if e.ranged {
		last = e.b
	}
	t := pipeline.Time{Span: pipeline.Span{Start: e.start, End: e.end}, Precision: precisions[last.unit], Rule: e.a.rule}
	if e.ranged {
		t.From, t.To = c.stretch(e.a, e.b, sentence, q)
	} else {
		t.From, t.To = c.days(e.a, sentence, q)
	}
	switch e.a.shape {
	case same:
		t.Precision = c.period.Precision
	case echo:
		t.Precision = c.target.Precision
	}
	future := !c.issue.IsZero() && t.From.Compare(c.issue) > 0
	switch {
	case t.From.IsZero() && t.To.IsZero():
	case e.since:
		t.To = c.issue
		if future {
			t.To = corpus.Day{}
		}
	case e.before && last.edge == whole && t.Precision != Day:
		if !c.issue.IsZero() && t.To.Compare(c.issue) < 0 {
			t.To = t.From.Add(0, 0, -1)
		}
		t.From = corpus.Day{}
	case e.after:
		t.To = corpus.Day{}
	case e.a.rule == "era.years":
		t.To = c.issue
	}
	return t
}

// stretch resolves the two ends of a range; each end lends the other what it does not say.
func (c *context) stretch(a, b point, sentence int, q cue) (from, to corpus.Day) {
	if a.shape != calendar || b.shape != calendar {
		from, _ = c.days(a, sentence, q)
		_, to = c.days(b, sentence, q)
		return from, to
	}
	if b.mref == open && b.dref == open && b.yref == open {
		return
	}
	if b.dref == fixed && b.mref == open && b.yref == open {
		b.mref, b.m, b.m2 = a.mref, a.m, a.m
		if b.mref != fixed { // 7日—10日 in fields of one month
			if a.mref == open {
				return c.twoDays(a, b, q)
			}
		}
	}
	lent := false
	if b.yref == open {
		b.yref, b.y, b.y2 = a.yref, a.y, a.y2
		lent = a.yref != open
	}
	if a.mref == fixed && a.m == 1 && a.unit == monthUnit && b.unit == monthUnit {
		b.cumulative = true
	}
	_, to = c.days(b, sentence, q)
	if to.IsZero() {
		return
	}
	if lent {
		from, _ = c.days(a, sentence, q)
		if from.Compare(to) > 0 {
			to = addMonths(to, 12)
		}
		return from, to
	}
	if a.yref == open {
		a.yref, a.y, a.y2 = fixed, to.Year, to.Year
		if a.mref == open && a.dref == fixed {
			a.mref, a.m, a.m2 = fixed, int(to.Month), int(to.Month)
			if a.d > to.Day && b.dref == fixed {
				before := firstOf(to.Year, int(to.Month)).Add(0, -1, 0)
				a.m, a.m2, a.y, a.y2 = int(before.Month), int(before.Month), before.Year, before.Year
			}
		}
	}
	from, _ = c.days(a, sentence, q)
	if from.Compare(to) > 0 {
		from = addMonths(from, -12)
	}
	return from, to
}

// twoDays resolves 7日至10日.
func (c *context) twoDays(a, b point, q cue) (from, to corpus.Day) {
	_, to = c.dayOfMonth(b, q)
	if to.IsZero() {
		return
	}
	m := firstOf(to.Year, int(to.Month))
	if a.d > b.d {
		m = m.Add(0, -1, 0)
	}
	a.m, a.m2 = int(m.Month), int(m.Month)
	from, _ = monthDays(a, m.Year)
	return from, to
}

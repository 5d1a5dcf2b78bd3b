// Package times finds the expressions of time in an article and resolves them
// to days.
//
//	p, err := pipeline.New(pipeline.SentenceStage(), times.Stage())
//	d, err := p.Annotate(article)
//	for _, t := range d.Times { fmt.Println(d.Surface(t.Span), t.From, t.To, t.Role) }
//
// # What is read
//
// Rules lists every form with examples. Numbers are Arabic digits of both
// widths or Chinese numerals (2024年, ２０２４年, 二〇二四年, 十月廿二日). A day, month or
// quarter may stand alone, as a range (1—10月, 9月28日至10月8日, 2019年到2023年) or in a
// list that shares its unit: 5、6月 are two times, the first of them without a unit.
//
// The span holds what names the time, and these words where they stand beside
// it: the quotation marks of a plan, 期间, 以来, 至今, 底, 末, 初, 内, and 前 where it means
// not later. It does not hold 截至, 自, 从, 到, 比, 较, 起.
//
// A length of time (仅用5个月, 连续三年, 24小时, 十周年) is no time but a figure. A year in
// a name (2024中国…大会, 1998年版, 国发〔2015〕28号) is none either, nor is the name of a
// plan that only names a document (“十四五”规划).
//
// # What it means
//
// From and To are the first and the last day, both inclusive.
//
//	前三季度         the days from 1 January to 30 September
//	8月底, 年末      the last day, as both From and To; 年初 is the first day
//	“十三五”初期      From alone: it begins there, its end is not known
//	2021年以来       From, and the issue date as To; 近年来 has To alone
//	近三年           three years back from the issue date; 未来五年 five ahead of it
//	三十年前         the whole year
//	2030年前         To alone, with the year itself: a target; of a past year the day before it
//	上年同期, 2019年同期  the period before it in the text, in the other year
//	届时            the target before it in the text
//	往年, 每年3月, 腊月   times without days
//
// What a text leaves out is taken, in this order, from the other end of a
// range, from the times before it (5月 after 2019年3月; 27日 after 10月26日; 上年, 当年,
// 次年, 次日 always), and from the issue date: the nearest past day for a clause
// that reports, the next one where it looks forward (将, 拟, 预计). Without an issue
// date such a time has a span but no days. It is never guessed. An article
// without an issue date takes it from its dateline where that is complete.
//
// # Precision and role
//
// Precision is the finest unit named, one of the constants Clock to Plan; "" for
// a time of no known length. A clock time has no days: the day is a time of its own.
//
//	dateline  本报兰州10月21日讯
//	by        截至8月底, and an end (9月末, 去年底) that has passed
//	since     2021年以来, 近三年, 自2018年起
//	basis     比上年, 较年初, 与2019年相比, 上年同期, 是2015年的2.5倍
//	target    到2030年, 年底前, 力争全年, a time that lies ahead
//	event     a single day, a clock time
//	period    all others
//
// # Tables
//
// The knowledge lies in tab-separated files, one entry a line, sorted, with "#"
// comments that say what the columns are and where the entries come from:
//
//	plans.tsv     five-year plans          eras.tsv      events and ages with 以来, 期间
//	reigns.tsv    year titles              holidays.tsv  days off work by year
//	relative.tsv  今年, 上月, 近年来, 往年      guards.tsv    words that hold no time
//	cues.tsv      将, 截至, 比: words that give direction and role
package times

import (
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"sync"

	"longmai/corpus"
	"longmai/pipeline"
)

// Stage returns the stage that adds the layer of times, with the tables of this package.
func Stage() pipeline.Stage {
	return stage(func(d *pipeline.Document) error {
		t, err := shipped()
		if err != nil {
			return err
		}
		t.annotate(d)
		return nil
	})
}

// New returns the stage with further rows from files of the same names in
// rules. A row there replaces the row of the same name, and of the same year
// of a holiday; a file that is missing adds nothing.
func New(rules fs.FS) (pipeline.Stage, error) {
	t, err := load(rules)
	if err != nil {
		return pipeline.Stage{}, err
	}
	return stage(func(d *pipeline.Document) error {
		t.annotate(d)
		return nil
	}), nil
}

func stage(annotate func(*pipeline.Document) error) pipeline.Stage {
	return pipeline.Stage{
		Name:     "times",
		Needs:    []pipeline.Layer{pipeline.Sentences},
		Adds:     []pipeline.Layer{pipeline.Times},
		Annotate: annotate,
	}
}

func (t *tables) annotate(d *pipeline.Document) {
	m := memories.Get().(*memory)
	defer memories.Put(m)
	r := &reader{
		p:     parser{t: t, s: d.Body(), issue: d.Date.Year, exprs: m.exprs},
		cues:  &t.cues,
		ctx:   context{tables: t, issue: d.Date},
		d:     d,
		times: m.times[:0],
	}
	if r.ctx.issue.IsZero() && d.Dateline != nil {
		r.ctx.issue = d.Dateline.Date // 本报兰州1997年6月8日讯 dates an article that nothing else does
		r.p.issue = r.ctx.issue.Year
	}
	if bulletin(d) {
		r.ctx.told = r.ctx.issue.Year - 1
	}
	block, n := -1, 0
	d.Times = nil
	for i, s := range d.Sentences {
		if b := r.block(s, block); b != block {
			block = b
			r.ctx.leaveBlock()
		}
		if i > 0 && !strings.HasSuffix(d.Surface(d.Sentences[i-1]), "；") {
			n++ // what stands behind ； counts as the same sentence
		}
		r.read(s, n)
	}
	if len(r.times) > 0 {
		d.Times = slices.Clone(r.times)
	}
	if cap(r.times) <= 1<<12 {
		m.exprs, m.times = r.p.exprs, r.times
	}
}

// bulletin reports whether the headlines call the article the statistics of the
// year before its issue: 2016年国民经济和社会发展统计公报.
func bulletin(d *pipeline.Document) bool {
	if d.Date.Year < 1000 {
		return false
	}
	for _, b := range d.Blocks {
		head := d.Body()[b.Span.Start:b.Span.End]
		if strings.Contains(head, "公报") && (strings.Contains(head, "统计") || strings.Contains(head, "国民经济")) && strings.Contains(head, strconv.Itoa(d.Date.Year-1)+"年") {
			return true
		}
		if b.Role == corpus.RoleParagraph {
			return false
		}
	}
	return false
}

// A memory is what a reader needs only while it reads, so that articles use it again.
type memory struct {
	exprs []expr
	times []pipeline.Time
}

var memories = sync.Pool{New: func() any { return new(memory) }}

// A reader takes the sentences of a document in order and keeps the context.
type reader struct {
	p     parser
	cues  *cueWords
	ctx   context
	d     *pipeline.Document
	times []pipeline.Time
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
		e := &r.p.exprs[i]
		left, right := leftClause(r.p.s, r.p.lo, e.start), rightClauses(r.p.s, e.end, r.p.hi)
		q := r.cues.look(e, left, right)
		t := r.ctx.resolve(e, sentence, q)
		t.Role = r.cues.role(&r.p, e, &t, r.ctx.issue, q, left, right)
		if d := r.d.Dateline; d != nil && d.Span.Contains(t.Span) && t.Precision == Day {
			t.Role = Dateline
			if !d.Date.IsZero() {
				t.From, t.To = d.Date, d.Date
			}
		}
		r.ctx.see(&t, e, sentence)
		r.times = append(r.times, t)
	}
}

// leaveBlock forgets what holds only within a paragraph.
func (c *context) leaveBlock() {
	c.last, c.named, c.targets = pipeline.Time{}, false, 0
	c.blockPeriod = false
}

// see remembers t for the expressions behind it.
func (c *context) see(t *pipeline.Time, e *expr, sentence int) {
	if t.Role == Dateline && !t.From.IsZero() {
		c.today = t.From
	}
	if t.Role == Target {
		if c.target.To.IsZero() || c.targetAt != sentence {
			c.targets = 0
		}
		c.target, c.targetAt = *t, sentence
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
	last := &e.a
	if e.ranged {
		last = &e.b
	}
	c.named = last.yref == fixed || last.yref == issue || last.yref == prior || last.shape == given || c.named && c.inherits(*last, sentence)
	c.last, c.lastAt, c.dated = *t, sentence, last.yref == fixed
	if t.Role == Dateline || t.From.IsZero() || t.Role == Target {
		return
	}
	if t.Precision == Year && c.blockPeriod && c.period.Precision != Year && c.period.Precision != Day {
		return
	}
	c.period, c.blockPeriod = *t, true
}

// resolve turns an expression into a time, without its role.
func (c *context) resolve(e *expr, sentence int, q cue) pipeline.Time {
	last := &e.a
	if e.ranged {
		last = &e.b
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
	if !t.From.IsZero() && !t.To.IsZero() && t.From.Compare(t.To) > 0 {
		t.From, t.To = corpus.Day{}, corpus.Day{} // 改革开放以来 in an issue of 1970: the issue date is wrong
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

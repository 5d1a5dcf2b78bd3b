package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"longmai/cmd/longmai/terminal"
	"longmai/corpus"
	"longmai/pipeline"
	"longmai/pipeline/entity"
	"longmai/pipeline/standard"

	"github.com/schollz/progressbar/v3"
	"github.com/urfave/cli/v2"
)

// readFlags are the options of every command that reads sources.
func readFlags() []cli.Flag {
	return append(lineFlags(),
		&cli.StringFlag{Name: "paper", Value: "甘肃日报", Usage: "paper of articles whose source does not name it"},
		&cli.StringFlag{Name: "date", Usage: "issue date of articles whose source does not give it, as 2024-10-28"},
		&cli.StringSliceFlag{Name: "column", Usage: "`NAME=FIELD`: column of a table or key of a record that is the field title, text, date, …"},
		&cli.IntFlag{Name: "workers", Value: runtime.NumCPU(), Usage: "articles annotated at the same time"},
		&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "no progress and no summary"})
}

// reader takes sources through the line and remembers what was rejected.
type reader struct {
	e        *env
	o        corpus.Options
	paths    []string
	workers  int
	quiet    bool
	bar      *bar
	rejected int
	articles int
	passed   map[string]int // records of crawls without text, by their sort
}

func (e *env) reader(c *cli.Context) (*reader, error) {
	r := &reader{e: e, paths: c.Args().Slice(), workers: c.Int("workers"), quiet: c.Bool("quiet")}
	r.passed = map[string]int{}
	r.o = corpus.Options{Paper: c.String("paper"), Stdin: e.in, OnPassed: func(_ corpus.Source, passed map[string]int) {
		for sort, n := range passed {
			r.passed[sort] += n
		}
	}}
	if list := c.String("retry-rejected"); list != "" {
		paths, members, err := rejectedInputs(list)
		if err != nil {
			return nil, err
		}
		for _, p := range r.paths { // read whole
			delete(members, p)
		}
		r.paths, r.o.Members = append(r.paths, paths...), members
	}
	if len(r.paths) == 0 {
		return nil, usagef("no input").hint("give files, folders or archives, or - for standard input")
	}
	for _, p := range r.paths {
		if strings.HasPrefix(p, "-") && p != "-" {
			return nil, usagef("option %q behind the first path", p).hint("options go before paths; write ./" + p + " for a file of that name")
		}
	}
	if s := c.String("date"); s != "" {
		d, err := corpus.ParseDay(s)
		if err != nil {
			return nil, usagef("--date: %w", err)
		}
		r.o.Date = d
	}
	if list := c.StringSlice("column"); len(list) > 0 {
		r.o.Columns = map[string]string{}
		for _, s := range list {
			name, field, ok := strings.Cut(s, "=")
			if !ok || name == "" || field == "" {
				return nil, usagef("--column %q, want the form NAME=FIELD", s)
			}
			r.o.Columns[name] = field
		}
	}
	return r, nil
}

// documents annotates what the reader reads. Rejections are reported and
// counted, and yielded too.
func (r *reader) documents(ctx context.Context, p *pipeline.Pipeline) iter.Seq2[*pipeline.Document, error] {
	return r.chosen(ctx, p, func(all articleSeq) articleSeq { return all })
}

type articleSeq = iter.Seq2[*corpus.Article, error]

// chosen is documents of those articles alone that choose lets through.
func (r *reader) chosen(ctx context.Context, p *pipeline.Pipeline, choose func(articleSeq) articleSeq) iter.Seq2[*pipeline.Document, error] {
	r.startBar(ctx)
	articles := choose(corpus.Read(ctx, r.o, r.paths...))
	return func(yield func(*pipeline.Document, error) bool) {
		defer r.bar.finish()
		for d, err := range p.Run(ctx, r.workers, articles) {
			if err != nil {
				r.reject(err)
			} else {
				r.articles++
				r.bar.count(r.articles)
			}
			if !yield(d, err) {
				return
			}
		}
	}
}

// again is chosen for files that were read before: what was rejected and passed over in them was told.
func (r *reader) again(ctx context.Context, p *pipeline.Pipeline, choose func(articleSeq) articleSeq, files []string) iter.Seq2[*pipeline.Document, error] {
	o := r.o
	o.OnSource, o.OnPassed = nil, nil
	return p.Run(ctx, r.workers, choose(corpus.Read(ctx, o, files...)))
}

// reject reports one rejection.
func (r *reader) reject(err error) {
	class, hint, ok := rejection(err)
	if !ok {
		return
	}
	r.rejected++
	r.bar.clear()
	r.e.say("rejected: %v (%s)", firstLine(err.Error()), class)
	if hint != "" {
		r.e.say("  hint: %s", hint)
	}
}

// end is the last word of a command that has read all.
func (r *reader) end() error {
	r.sayPassed()
	if r.rejected > 0 {
		if !r.quiet {
			r.e.say("%s done, %s rejected", plural(r.articles, "article"), plural(r.rejected, "input"))
		}
		return errRejected
	}
	return nil
}

// sayPassed says how many records of crawls hold no text, by their sort.
func (r *reader) sayPassed() {
	if r.quiet || len(r.passed) == 0 {
		return
	}
	total := 0
	var parts []string
	for _, sort := range slices.Sorted(maps.Keys(r.passed)) {
		total += r.passed[sort]
		parts = append(parts, fmt.Sprintf("%d %s", r.passed[sort], sort))
	}
	r.e.say("%s of crawls without text passed over: %s", plural(total, "record"), strings.Join(parts, ", "))
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// lineFlags are the options of every command that annotates.
func lineFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "model", Usage: "find names with the model in `FILE` (longmai train makes one) in place of the one that ships"},
		&cli.StringFlag{Name: "rules", Usage: "tables of your own in the folder `DIR`, by the names of those that ship (units.tsv, traps.tsv, industries.tsv, organizations.tsv, …): rows are added or replace"},
		&cli.StringFlag{Name: "authority", Usage: "your decisions about names in `FILE`; a library has its own, authority.tsv"},
		&cli.BoolFlag{Name: "fast", Usage: "find names by tables and grammar alone: several times as fast, some points worse"},
	}
}

// memoryLimit is what the commands that annotate and index ask the collector to
// stay under, unless GOMEMLIMIT says otherwise. Without it a build of 46,000
// articles took 1.1 GB, with it 700 MB in the same time.
const memoryLimit = 700 << 20

// line is the pipeline that ships, as the options of c refine it, and the versions of what is in it.
func line(c *cli.Context) (*pipeline.Pipeline, map[string]string, error) {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	o, err := entityOptions(c)
	if err != nil {
		return nil, nil, err
	}
	opts := standard.Options{Entities: o}
	if dir := c.String("rules"); dir != "" {
		if _, err := os.ReadDir(dir); err != nil {
			return nil, nil, err
		}
		opts.Rules = os.DirFS(dir)
	}
	p, err := standard.New(opts)
	if err != nil {
		return nil, nil, err
	}
	versions, err := opts.Versions()
	return p, versions, err
}

// entityOptions says how the options of c want names found.
func entityOptions(c *cli.Context) (o entity.Options, err error) {
	if !c.Bool("fast") {
		if o.Tagger, err = loadModel(c.String("model")); err != nil {
			return o, err
		}
	}
	file := c.String("authority")
	named := file != ""
	if !named && c.String("library") != "" {
		file = filepath.Join(c.String("library"), authorityFile)
	}
	if file != "" {
		o.Authority, err = loadAuthority(file, named)
	}
	return o, err
}

// bar shows the progress of reading on a terminal: bytes of the sources that
// were begun, of the bytes of all files, which are added up beside the work.
// All methods of a nil bar do nothing.
type bar struct {
	b     *progressbar.ProgressBar
	begun atomic.Int64
	last  time.Time
}

func (r *reader) startBar(ctx context.Context) {
	if r.quiet || !terminal.Is(r.e.err) {
		return
	}
	b := &bar{b: progressbar.NewOptions64(1,
		progressbar.OptionSetWriter(r.e.err), progressbar.OptionShowBytes(true), progressbar.OptionSetDescription("reading"),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionSetPredictTime(true), progressbar.OptionFullWidth())}
	r.bar = b
	r.o.OnSource = func(s corpus.Source, size int64) {
		if size > 0 && s.Member == "" {
			b.b.Set64(min(b.begun.Add(size)-size, b.b.GetMax64()-1))
		}
	}
	go func() {
		total := int64(1)
		for _, p := range r.paths {
			filepath.WalkDir(p, func(_ string, d fs.DirEntry, err error) error {
				if err == nil && d.Type().IsRegular() {
					if info, err := d.Info(); err == nil {
						total += info.Size()
					}
				}
				return ctx.Err()
			})
		}
		b.b.ChangeMax64(total)
	}()
}

func (b *bar) count(articles int) {
	if b == nil || time.Since(b.last) < 100*time.Millisecond {
		return
	}
	b.last = time.Now()
	b.b.Describe(plural(articles, "article"))
}

func (b *bar) clear() {
	if b != nil {
		b.b.Clear()
	}
}

func (b *bar) finish() {
	if b != nil {
		b.b.Finish()
	}
}

// each hands every annotated document to do, and goes on behind rejections.
func (r *reader) each(ctx context.Context, p *pipeline.Pipeline, do func(*pipeline.Document) error) error {
	for d, err := range r.documents(ctx, p) {
		if err != nil {
			if _, _, ok := rejection(err); ok {
				continue
			}
			return err
		}
		if err := do(d); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// rejectedInputs returns the inputs that a rejected list names, each once, in
// their order, and of the archives among them the members, where no rejection is
// about the archive itself. Standard input cannot be read again.
func rejectedInputs(list string) (paths []string, members map[string][]string, err error) {
	f, err := os.Open(list)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	members = map[string][]string{}
	whole := map[string]bool{}
	seen := map[[2]string]bool{{"-"}: true} // path, and path and member
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		var row struct{ Path, Member string }
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil || row.Path == "" {
			return nil, nil, fmt.Errorf("%s:%d: no line of a rejected list", list, n)
		}
		if !seen[[2]string{row.Path}] {
			seen[[2]string{row.Path}] = true
			paths = append(paths, row.Path)
		}
		if row.Member == "" {
			whole[row.Path] = true
		} else if key := [2]string{row.Path, row.Member}; !seen[key] {
			seen[key] = true
			members[row.Path] = append(members[row.Path], row.Member)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", list, err)
	}
	for path := range whole {
		delete(members, path)
	}
	return paths, members, nil
}

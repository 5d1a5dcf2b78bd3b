package corpus

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zip"
	"github.com/klauspost/compress/zstd"

	"archive/tar"
)

// Archives are read as streams, member after member, and never unpacked to
// disk. Each member is an input of its own, under the path of the archive and
// its name in it; nested names are apart by "!".
//
// Against bombs three things are bounded: the depth of archives in archives,
// the size of a member (a compressed tar or WARC is none: its members are), and
// how far bytes expand: each member by itself, and all that comes out of one
// outermost archive together.

func sniffZip(head []byte) bool {
	return bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06"))
}

func sniffGzip(head []byte) bool { return bytes.HasPrefix(head, []byte("\x1f\x8b\x08")) }

func sniffTar(head []byte) bool {
	return len(head) >= 265 && string(head[257:262]) == "ustar"
}

// An expansion sums up what one outermost archive unpacks to.
type expansion struct {
	packed   int64 // bytes of the archive, or as many of them as were read when its size is unknown
	unpacked int64
	over     int // members that were refused for their ratio
	deep     int // archives that were refused for their depth
}

// spent reports whether so much of an archive was over the limits that the rest
// of it is not read: a bomb may have a million members.
func (e *expansion) spent() bool { return e.over >= bombs || e.deep >= 8*bombs }

const bombs = 8

// stopped ends the reading of an archive that is spent. The outermost one says so.
func (in *input) stopped(members int) error {
	if in.depth > 0 {
		return nil
	}
	return in.reject(ClassLimit, fmt.Sprintf("member %d", members), "take the bombs out of the archive, or raise the limits",
		fmt.Errorf("too many members over the limits of ratio and depth: what lies behind member %d was not read", members))
}

// member returns the input for the member name of in, which reads r. packed
// counts the compressed bytes that r has read so far.
func (in *input) member(name string, r io.Reader, size int64, packed func() int64) *input {
	if in.bomb == nil {
		in.bomb = &expansion{packed: max(in.size, 0)}
	}
	m := &input{Source: Source{Path: in.Path, Member: name}, o: in.o, size: size, depth: in.depth + 1, bomb: in.bomb}
	if in.Member != "" {
		m.Member = in.Member + "!" + name
	}
	m.hint = hintOf(in.Path + "/" + strings.ReplaceAll(m.Member, "!", "/"))
	m.r = &memberReader{r: r, in: m, packed: packed, total: m.bomb, limit: in.o.Limits.Member}
	return m
}

// membersBelow arranges the wanted members for wants, which asks for each member of an archive.
func membersBelow(wanted map[string][]string) map[string]map[string]bool {
	if len(wanted) == 0 {
		return nil
	}
	out := make(map[string]map[string]bool, len(wanted))
	for path, names := range wanted {
		below := make(map[string]bool, len(names))
		for _, name := range names {
			for i := range len(name) {
				if above := name[:i]; name[i] == '!' && !below[above] {
					below[above] = false
				}
			}
			below[name] = true
		}
		out[path] = below
	}
	return out
}

// wants reports whether the member name of in is to be read: Options.Members
// names it, or one that lies in it, or an archive that it lies in.
func (in *input) wants(name string) bool {
	below := in.o.members[in.Path]
	if len(below) == 0 {
		return true
	}
	if in.Member != "" {
		name = in.Member + "!" + name
	}
	if _, ok := below[name]; ok {
		return true
	}
	for i := range len(name) {
		if name[i] == '!' && below[name[:i]] {
			return true
		}
	}
	return false
}

// lacks rejects an archive in which none of the wanted members was found.
func (in *input) lacks(found bool) error {
	if found || in.depth > 0 || len(in.o.Members[in.Path]) == 0 {
		return nil
	}
	return in.reject(ClassMissing, "", "the archive is another one now; read it whole", fmt.Errorf("no member %q in the archive", in.o.Members[in.Path][0]))
}

// deep rejects in when it lies in too many archives to be opened itself.
func (in *input) deep() error {
	if in.depth >= in.o.Limits.Depth {
		in.bomb.deep++
		return in.reject(ClassLimit, "", "unpack the outer archives, or raise the limit of depth",
			fmt.Errorf("archive in %d archives", in.depth))
	}
	return nil
}

// A memberReader reads the unpacked bytes of a member within the limits. Its
// errors other than io.EOF are *Rejections.
type memberReader struct {
	r      io.Reader
	in     *input
	n      int64
	packed func() int64
	total  *expansion
	limit  int64 // of n
	err    error
}

func (r *memberReader) Read(p []byte) (int, error) {
	if r.err != nil {
		return 0, r.err
	}
	n, err := r.r.Read(p)
	r.n += int64(n)
	r.total.unpacked += int64(n)
	l := r.in.o.Limits
	const free = 1 << 20
	packed := r.packed()
	switch {
	case r.n > r.limit:
		r.err = r.in.reject(ClassLimit, fmt.Sprintf("byte %d", r.limit), "unpack it, or raise the limit of members",
			fmt.Errorf("member of more than %d bytes", r.limit))
	case r.n-free > l.Ratio*packed:
		r.total.over++
		r.err = r.in.reject(ClassLimit, fmt.Sprintf("byte %d", r.n), "a bomb, or nothing but zeros; raise the limit of the ratio if it is neither",
			fmt.Errorf("%d bytes out of %d compressed ones", r.n, packed))
	case r.total.unpacked-free > l.Ratio*max(r.total.packed, packed):
		r.total.over = bombs
		r.err = r.in.reject(ClassLimit, fmt.Sprintf("byte %d", r.n), "a bomb of archives in archives; raise the limit of the ratio if it is not",
			fmt.Errorf("%d bytes out of an archive of %d", r.total.unpacked, max(r.total.packed, packed)))
	case err != nil && err != io.EOF:
		if rej := (*Rejection)(nil); errors.As(err, &rej) {
			r.err = r.in.reject(rej.Class, fmt.Sprintf("byte %d", r.n), rej.Hint, rej.Err)
		} else {
			r.err = r.in.reject(ClassFormat, fmt.Sprintf("byte %d", r.n), "the archive is damaged here; fetch it again", damaged(err))
		}
	default:
		r.err = err
	}
	return n, r.err
}

func damaged(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return errCut
	}
	return err
}

var errCut = errors.New("the archive ends inside this member")

// passedOver reports whether a member is a folder's leftover.
func passedOver(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if part != "." && part != ".." && leftover(part) {
			return true
		}
	}
	return false
}

// A counter counts the bytes read through it.
type counter struct {
	r *bufio.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

func (c *counter) ReadByte() (byte, error) {
	b, err := c.r.ReadByte()
	if err == nil {
		c.n++
	}
	return b, err
}

func newCounter(r io.Reader) *counter {
	if br, ok := r.(*bufio.Reader); ok {
		return &counter{r: br}
	}
	return &counter{r: bufio.NewReader(r)}
}

// sniffBzip2 and sniffZstd recognise the other two ways in which files are compressed.
func sniffBzip2(head []byte) bool {
	return len(head) > 9 && bytes.HasPrefix(head, []byte("BZh")) && string(head[4:10]) == "1AY&SY"
}

func sniffZstd(head []byte) bool { return bytes.HasPrefix(head, []byte("\x28\xb5\x2f\xfd")) }

// unpack returns what r holds, compressed in a format, and the name that its head says.
func unpack(format string, r *counter) (io.ReadCloser, string, error) {
	switch format {
	case "bzip2":
		return io.NopCloser(bzip2.NewReader(r)), "", nil
	case "zstd":
		z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(64<<20))
		if err != nil {
			return nil, "", err
		}
		return z.IOReadCloser(), "", nil
	}
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, "", err
	}
	z.Multistream(false)
	return &gzipStreams{z, r}, z.Name, nil
}

// A gzipStreams reads the streams of a gzip file, and passes over what else
// stands behind them, as gzip itself does: the filling of a block or a tape.
type gzipStreams struct {
	*gzip.Reader
	r *counter
}

func (g *gzipStreams) Read(p []byte) (int, error) {
	n, err := g.Reader.Read(p)
	if err != io.EOF {
		return n, err
	}
	if next, _ := g.r.r.Peek(3); !sniffGzip(next) {
		return n, io.EOF
	}
	if err := g.Reset(g.r); err != nil {
		return n, err
	}
	g.Multistream(false)
	return n, nil
}

// readPacked reads a compressed file, a compressed tar or WARC as if it were not compressed.
func readPacked(ctx context.Context, in *input, out *sink) error {
	if err := in.deep(); err != nil {
		return err
	}
	c := newCounter(in.r)
	z, said, err := unpack(in.Format, c)
	if err != nil {
		return in.reject(ClassFormat, "", "fetch the file again", damaged(err))
	}
	defer z.Close()
	name := path.Base(strings.ReplaceAll(in.name(), "\\", "/"))
	inner := strings.TrimSuffix(name, path.Ext(name))
	switch strings.ToLower(path.Ext(name)) {
	case ".tgz", ".tbz", ".tbz2", ".tzst":
		inner += ".tar"
	}
	if inner == "" || inner == "-" {
		inner = "content"
		if said != "" {
			inner = path.Base(archiveName([]byte(said)))
		}
	}
	m := in.member(inner, z, -1, func() int64 { return c.n })
	mr := m.r.(*memberReader)
	br := bufio.NewReaderSize(mr, sniffed)
	head, err := br.Peek(sniffed)
	if err != nil && len(head) == 0 && err != io.EOF {
		return err
	}
	if sniffTar(head) || sniffWARC(head) { // the compression is no level of its own
		m.Source, m.hint, m.depth = in.Source, in.hint, in.depth
		mr.limit = math.MaxInt64 // what it holds are the members
	}
	m.r = br
	return out.read(ctx, m)
}

// name returns what a file is called, whether it is one or a member.
func (in *input) name() string {
	if in.Member != "" {
		return in.Member[strings.LastIndexByte(in.Member, '!')+1:]
	}
	return in.Path
}

func readTar(ctx context.Context, in *input, out *sink) error {
	if err := in.deep(); err != nil {
		return err
	}
	c := newCounter(in.r)
	tr := tar.NewReader(c)
	members, found := 0, false
	for {
		h, err := tr.Next()
		if err == io.EOF && c.n%512 != 0 {
			err = errors.New("the archive ends inside a block")
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			if rej := (*Rejection)(nil); errors.As(err, &rej) {
				return in.reject(rej.Class, fmt.Sprintf("byte %d", c.n), rej.Hint, rej.Err)
			}
			return in.reject(ClassFormat, fmt.Sprintf("byte %d", c.n), fmt.Sprintf("the archive is damaged here; %d members before it were read", members), damaged(err))
		}
		name := archiveName([]byte(h.Name))
		if h.Typeflag != tar.TypeReg && h.Typeflag != tar.TypeGNUSparse || passedOver(name) {
			continue // folders, links, devices: they hold no bytes of their own
		}
		members++
		if !in.wants(name) {
			continue // Next passes over the rest of a member
		}
		found = true
		m := in.member(name, tr, h.Size, func() int64 { return c.n })
		mr := m.r.(*memberReader)
		if err := out.read(ctx, m); err != nil {
			return err
		}
		if in.bomb.spent() {
			return in.stopped(members)
		}
		if errors.Is(mr.err, errCut) {
			return nil // the end of the archive was reported with this member
		}
		if _, err := io.Copy(io.Discard, tr); err != nil {
			return nil
		}
	}
	if members == 0 {
		return in.reject(ClassEmpty, "", "remove it, or make it anew", errors.New("no file in the archive"))
	}
	return in.lacks(found)
}

// archiveName decodes the name of a member: UTF-8 where it is, else what
// decode finds, GB18030 for most Chinese archives.
func archiveName(raw []byte) string {
	name := string(raw)
	if !utf8.Valid(raw) {
		name = strings.ToValidUTF8(name, "\uFFFD")
		if t, _, _, err := decode(raw, "gb18030", 0); err == nil {
			name = t.String()
		}
	}
	return strings.TrimPrefix(strings.ReplaceAll(name, "\\", "/"), "./")
}

func readZip(ctx context.Context, in *input, out *sink) error {
	if err := in.deep(); err != nil {
		return err
	}
	at, size := in.at, in.size
	if at == nil {
		// A zip's list of members stands at its end, so a stream of one is held
		// in memory; one that is too large for that is read by its local heads.
		limit := in.o.Limits.pageLimit()
		raw, err := readAll(io.LimitReader(in.r, limit+1), min(in.size, limit))
		if err != nil {
			return in.streamError(err, int64(len(raw)))
		}
		if int64(len(raw)) > limit {
			return readZipStream(ctx, in, io.MultiReader(bytes.NewReader(raw), in.r), out)
		}
		at, size = bytes.NewReader(raw), int64(len(raw))
	}
	z, err := zip.NewReader(at, size)
	if err == nil {
		registerUnpackers(z)
	}
	if err != nil {
		return readZipStream(ctx, in, io.NewSectionReader(at, 0, size), out)
	}
	if isWorkbook(z) || isWord(z) { // an Office document under another name
		in.r, in.size = io.NewSectionReader(at, 0, size), size
		if isWorkbook(z) {
			in.Format = "xlsx"
			return readXLSX(ctx, in, out)
		}
		in.Format = "docx"
		return readDOCX(ctx, in, out)
	}
	out.learnZip(ctx, in, z)
	members, found := 0, false
	for _, f := range z.File {
		name := zipName(f)
		if !f.Mode().IsRegular() || strings.HasSuffix(name, "/") || passedOver(name) {
			continue
		}
		members++
		if !in.wants(name) {
			continue
		}
		found = true
		if err := readZipFile(ctx, in, f, name, at, out); err != nil {
			return err
		}
		if in.bomb.spent() {
			return in.stopped(members)
		}
	}
	if members == 0 {
		return in.reject(ClassEmpty, "", "remove it, or make it anew", errors.New("no file in the archive"))
	}
	return in.lacks(found)
}

// registerUnpackers lets members be compressed in the ways that newer programs use.
func registerUnpackers(z *zip.Reader) {
	z.RegisterDecompressor(12, func(r io.Reader) io.ReadCloser { return io.NopCloser(bzip2.NewReader(r)) })
	z.RegisterDecompressor(zstd.ZipMethodWinZip, zstd.ZipDecompressor(zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(64<<20)))
}

// streamError is the rejection for an error of in.r behind n bytes.
func (in *input) streamError(err error, n int64) error {
	if rej := (*Rejection)(nil); errors.As(err, &rej) {
		return rej
	}
	return in.reject(ClassUnreadable, fmt.Sprintf("byte %d", n), "read it again, or from a copy", err)
}

// zipName returns the name of f. Without the UTF-8 flag it is in the code page
// of the machine that made the archive, unless the extra field has it in UTF-8.
func zipName(f *zip.File) string {
	raw := []byte(f.Name)
	if f.NonUTF8 {
		if u := unicodePath(f.Extra); u != "" {
			raw = []byte(u)
		}
	}
	return archiveName(raw)
}

// unicodePath returns the name of the extra field 0x7075 of Info-ZIP.
func unicodePath(extra []byte) string {
	for len(extra) >= 4 {
		id, n := binary.LittleEndian.Uint16(extra), int(binary.LittleEndian.Uint16(extra[2:]))
		if n > len(extra)-4 {
			break
		}
		if id == 0x7075 && n > 5 && utf8.Valid(extra[9:4+n]) {
			return string(extra[9 : 4+n])
		}
		extra = extra[4+n:]
	}
	return ""
}

// readZipFile reads one member.
func readZipFile(ctx context.Context, in *input, f *zip.File, name string, at io.ReaderAt, out *sink) error {
	m := in.member(name, nil, int64(f.UncompressedSize64), func() int64 { return int64(f.CompressedSize64) })
	if f.Flags&1 != 0 {
		return out.reject(m.reject(ClassUnsupported, "", "unpack it with its password", errors.New("encrypted member")))
	}
	r, err := f.Open()
	if errors.Is(err, zip.ErrAlgorithm) {
		return out.reject(m.reject(ClassUnsupported, "", "pack it anew with the usual compression", fmt.Errorf("unknown compression method %d", f.Method)))
	}
	if err != nil {
		return out.reject(m.reject(ClassFormat, "", "the archive is damaged here; fetch it again", err))
	}
	defer r.Close()
	mr := m.r.(*memberReader)
	mr.r = r
	if f.Method == zip.Store {
		if off, err := f.DataOffset(); err == nil {
			m.at = io.NewSectionReader(at, off, int64(f.CompressedSize64))
		}
	}
	return out.read(ctx, m)
}

// readZipStream reads a zip by the heads of its members, front to back: one
// whose list of members is lost, or that is too large for memory.
func readZipStream(ctx context.Context, in *input, r io.Reader, out *sink) error {
	c := newCounter(r)
	for members := 0; ; members++ {
		start := c.n
		var head [30]byte
		if _, err := io.ReadFull(c, head[:4]); err != nil || string(head[:4]) != "PK\x03\x04" {
			if members == 0 {
				return in.reject(ClassFormat, "byte 0", "fetch the file again", errors.New("broken zip archive"))
			}
			if string(head[:4]) == "PK\x01\x02" || string(head[:4]) == "PK\x05\x06" {
				return nil // the list of members begins
			}
			return in.reject(ClassFormat, fmt.Sprintf("byte %d", start), fmt.Sprintf("the archive is damaged here; the %d members before it were read", members), errors.New("the list of members is missing"))
		}
		stop, err := in.streamMember(ctx, c, start, head[:], out)
		if err == nil && in.bomb != nil && in.bomb.spent() {
			return in.stopped(members + 1)
		}
		if stop || err != nil {
			return err
		}
	}
}

// streamMember reads the member whose head starts at byte start, of which four bytes are read.
func (in *input) streamMember(ctx context.Context, c *counter, start int64, head []byte, out *sink) (bool, error) {
	cut := func(err error) (bool, error) {
		return true, out.reject(in.reject(ClassFormat, fmt.Sprintf("byte %d", start), "the archive is damaged here; the members before it were read", damaged(err)))
	}
	if _, err := io.ReadFull(c, head[4:]); err != nil {
		return cut(err)
	}
	flags, method := binary.LittleEndian.Uint16(head[6:]), binary.LittleEndian.Uint16(head[8:])
	packed := int64(binary.LittleEndian.Uint32(head[18:]))
	rest := make([]byte, int(binary.LittleEndian.Uint16(head[26:]))+int(binary.LittleEndian.Uint16(head[28:])))
	if _, err := io.ReadFull(c, rest); err != nil {
		return cut(err)
	}
	raw := rest[:binary.LittleEndian.Uint16(head[26:])]
	if u := unicodePath(rest[len(raw):]); u != "" && flags&0x800 == 0 {
		raw = []byte(u)
	}
	name := archiveName(raw)
	from := c.n
	var body io.Reader
	described := flags&8 != 0
	switch {
	case flags&1 != 0 || described && method != zip.Deflate || method != zip.Deflate && method != zip.Store || packed == 1<<32-1:
		m := in.member(name, nil, -1, func() int64 { return 0 })
		return true, out.reject(m.reject(ClassUnsupported, "", "mend the archive first (zip -FF)", fmt.Errorf("member that can only be read with the list of members")))
	case method == zip.Store:
		body = io.LimitReader(c, packed)
	case described:
		body = flate.NewReader(c)
	default:
		body = flate.NewReader(&counter{r: bufio.NewReader(io.LimitReader(c, packed))})
	}
	m := in.member(name, body, -1, func() int64 { return c.n - from })
	mr := m.r.(*memberReader)
	if !strings.HasSuffix(name, "/") && !passedOver(name) && in.wants(name) {
		if err := out.read(ctx, m); err != nil {
			return true, err
		}
		if mr.err != nil && mr.err != io.EOF && (described || c.n-from < packed) {
			return true, nil
		}
	}
	if !described {
		if _, err := io.CopyN(io.Discard, c, packed-(c.n-from)); err != nil {
			return true, nil // the end inside the member was reported with it
		}
		return false, nil
	}
	if _, err := io.Copy(io.Discard, body); err != nil {
		return cut(err)
	}
	// The descriptor behind the data: an optional mark, the checksum, two sizes.
	var d [16]byte
	if _, err := io.ReadFull(c, d[:12]); err != nil {
		return cut(err)
	}
	if string(d[:4]) == "PK\x07\x08" {
		if _, err := io.ReadFull(c, d[12:]); err != nil {
			return cut(err)
		}
	}
	return false, nil
}
